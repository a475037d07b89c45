using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>One run of the delay job on a Kafka cluster, over a topic that the peer has generated, as an application of its own.</summary>
sealed class DelayKafkaRun(string bootstrap, string topic, string directory, int orders, int threads)
{
    static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public double Seconds { get; private set; }

    public double AllocatedPerOrder { get; private set; }

    /// <summary>Processor time of the whole process, the outside consumer included, µs an order.</summary>
    public double ProcessorUsPerOrder { get; private set; }

    public int Distinct { get; private set; }

    public void Execute()
    {
        var application = $"delay-{Stopwatch.GetTimestamp():x}";
        var names = new DelayNames(application, topic, application + "-settlements");
        var log = KafkaLog.Open(
            new KafkaLogOptions { BootstrapServers = bootstrap, ApplicationId = application, InstanceId = "benchmark", Directory = directory }, TimeProvider.System, NullLogger.Instance);
        try
        {
            Measure(log, names);
        }
        finally
        {
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    void Measure(KafkaLog log, DelayNames names)
    {
        var partitions = log.Partitions(topic);
        var topology = DelayTopology.Build(partitions, names);
        log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
        using var client = log.OpenClient("counter", "1");
        long lines = 0;
        var counter = new SettlementCounter(client, names.Settlements, orders);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var app = new StreamsApp(topology, log, new StreamsOptions { Threads = threads, CommitInterval = CommitInterval }, TimeProvider.System, NullLogger<StreamsApp>.Instance);
        app.Start();
        counter.ReadAll(partitions, Patience);
        Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        ProcessorUsPerOrder = (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / orders;
        AllocatedPerOrder = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / orders;
        app.StopAsync().GetAwaiter().GetResult();
        app.Completion.GetAwaiter().GetResult();
        Distinct = counter.Distinct;
        if (counter.Count != orders || counter.Distinct != orders)
        {
            throw new BrokenInvariantException($"{orders} orders gave {counter.Count} settlements of {counter.Distinct} orders");
        }

        using var checker = log.OpenClient("checker", "1");
        new SettlementCounter(checker, names.Settlements, orders).ReadAll(partitions, Patience, record =>
        {
            using var settlement = JsonDocument.Parse(record.Value.ToArray());
            lines += settlement.RootElement.GetProperty("merchant").GetInt64();
        });
        if (TotalsOf(log, partitions) is var totals && totals != lines)
        {
            throw new BrokenInvariantException($"merchants were given {lines}, their totals are {totals}");
        }
    }

    static long TotalsOf(KafkaLog log, int partitions)
    {
        long totals = 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            using var scan = log.OpenCommittedView(DelayTopology.Totals, partition).Scan(default, default);
            while (scan.MoveNext())
            {
                totals += BinaryPrimitives.ReadInt64BigEndian(scan.Value);
            }
        }

        return totals;
    }
}
