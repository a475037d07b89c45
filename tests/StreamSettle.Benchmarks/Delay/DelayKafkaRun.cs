using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>One run of the delay job on a Kafka cluster, over a topic that the peer has generated, as an application of its own.</summary>
sealed class DelayKafkaRun(string bootstrap, string topic, string directory, int orders, int threads)
{
    /// <summary>Settings of the client over its defaults, to try them.</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();

    /// <summary>Streamiz runs the threads.</summary>
    public bool IsHostedByStreamiz { get; init; }

    public DelayMeasured Execute()
    {
        var application = $"delay-{Stopwatch.GetTimestamp():x}";
        var names = new DelayNames(application, topic, application + "-settlements");
        var log = KafkaLog.Open(
            new KafkaLogOptions { BootstrapServers = bootstrap, ApplicationId = application, InstanceId = "benchmark", Directory = directory, Client = Client }, TimeProvider.System, NullLogger.Instance);
        try
        {
            return Measure(log, names);
        }
        finally
        {
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    DelayMeasured Measure(KafkaLog log, DelayNames names)
    {
        var partitions = log.Partitions(topic);
        var topology = DelayTopology.Build(partitions, names);
        log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
        var measured = DelayMeasured.Of(log, names, partitions, orders, interval => Open(topology, log, new() { Threads = threads, CommitInterval = interval }));
        long lines = 0;
        using var checker = log.OpenClient("checker", "1");
        new SettlementCounter(checker, names.Settlements, orders).ReadAll(partitions, DelayMeasured.Patience, record =>
        {
            using var settlement = JsonDocument.Parse(record.Value.ToArray());
            lines += settlement.RootElement.GetProperty("merchant").GetInt64();
        });
        if (DelayMeasured.TotalsOf(log, partitions) is var totals && totals != lines)
        {
            throw new BrokenInvariantException($"merchants were given {lines}, their totals are {totals}");
        }

        return measured;
    }

    StreamsApp Open(Streams.Topologies.Topology topology, KafkaLog log, StreamsOptions options) => IsHostedByStreamiz
        ? StreamizHost.Open(topology, log, options, TimeProvider.System, NullLoggerFactory.Instance)
        : new(topology, log, options, TimeProvider.System, NullLogger<StreamsApp>.Instance);
}
