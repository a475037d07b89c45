using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>One run of the delay job on the embedded log, in a directory of its own.</summary>
sealed class DelayRun(string directory, int orders, int threads)
{
    const int Partitions = 4;
    const int Days = 4;
    static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public double Seconds { get; private set; }

    public double AllocatedPerOrder { get; private set; }

    /// <summary>Processor time of the whole process, the outside consumer included, µs an order.</summary>
    public double ProcessorUsPerOrder { get; private set; }

    public int Distinct { get; private set; }

    public double ValueBytesAverage { get; private set; }

    public void Execute()
    {
        var log = Open();
        try
        {
            log.EnsureTopics(DelayTopology.Build(Partitions).Topics);
            using var producer = log.OpenClient("generator", "1");
            var generator = new OrderGenerator(producer, Partitions);
            generator.Generate(orders, Days);
            ValueBytesAverage = (double)generator.ValueBytes / orders;
            Measure(log);
            Check(log, generator.GrossMinor);
        }
        finally
        {
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    EmbeddedLog Open() => EmbeddedLog.Open(
        new EmbeddedLogOptions { Directory = directory, Partitions = Partitions },
        () => new Guid("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"), NullLogger.Instance);

    void Measure(EmbeddedLog log)
    {
        using var client = log.OpenClient("counter", "1");
        var counter = new SettlementCounter(client, DelayNames.Default.Settlements, orders);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var app = new StreamsApp(
            DelayTopology.Build(Partitions), log, new StreamsOptions { Threads = threads, CommitInterval = CommitInterval }, TimeProvider.System, NullLogger<StreamsApp>.Instance);
        app.Start();
        counter.ReadAll(Partitions, Patience);
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
    }

    /// <summary>After the clock has stopped: the lines of all settlements, and the merchants' totals, add up to the input.</summary>
    void Check(EmbeddedLog log, long grossMinor)
    {
        long lines = 0, merchants = 0, totals = 0;
        using var client = log.OpenClient("checker", "1");
        new SettlementCounter(client, DelayNames.Default.Settlements, orders).ReadAll(Partitions, Patience, record =>
        {
            using var settlement = JsonDocument.Parse(record.Value.ToArray());
            var merchant = settlement.RootElement.GetProperty("merchant").GetInt64();
            merchants += merchant;
            lines += merchant + settlement.RootElement.GetProperty("platform").GetInt64() + settlement.RootElement.GetProperty("logistics").GetInt64();
        });
        for (var partition = 0; partition < Partitions; partition++)
        {
            using var scan = log.OpenCommittedView(DelayTopology.Totals, partition).Scan(default, default);
            while (scan.MoveNext())
            {
                totals += System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(scan.Value);
            }
        }

        if (lines != grossMinor || totals != merchants)
        {
            throw new BrokenInvariantException(string.Create(
                CultureInfo.InvariantCulture, $"the input is {grossMinor}, the settlements' lines {lines}; merchants were given {merchants}, their totals are {totals}"));
        }
    }
}
