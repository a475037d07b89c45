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

    public double ValueBytesAverage { get; private set; }

    public DelayMeasured Execute()
    {
        var log = Open();
        try
        {
            var topology = DelayTopology.Build(Partitions);
            log.EnsureTopics(topology.Topics);
            using var producer = log.OpenClient("generator", "1");
            var generator = new OrderGenerator(producer, Partitions);
            generator.Generate(orders, Days);
            ValueBytesAverage = (double)generator.ValueBytes / orders;
            var measured = DelayMeasured.Of(log, DelayNames.Default, Partitions, orders, interval =>
                new StreamsApp(topology, log, new StreamsOptions { Threads = threads, CommitInterval = interval }, TimeProvider.System, NullLogger<StreamsApp>.Instance));
            Check(log, generator.GrossMinor);
            return measured;
        }
        finally
        {
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    EmbeddedLog Open() => EmbeddedLog.Open(
        new EmbeddedLogOptions { Directory = directory, Partitions = Partitions },
        () => new Guid("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"), NullLogger.Instance);

    /// <summary>After the clock has stopped: the lines of all settlements, and the merchants' totals, add up to the input.</summary>
    void Check(EmbeddedLog log, long grossMinor)
    {
        long lines = 0, merchants = 0;
        using var client = log.OpenClient("checker", "1");
        new SettlementCounter(client, DelayNames.Default.Settlements, orders).ReadAll(Partitions, DelayMeasured.Patience, record =>
        {
            using var settlement = JsonDocument.Parse(record.Value.ToArray());
            var merchant = settlement.RootElement.GetProperty("merchant").GetInt64();
            merchants += merchant;
            lines += merchant + settlement.RootElement.GetProperty("platform").GetInt64() + settlement.RootElement.GetProperty("logistics").GetInt64();
        });
        var totals = DelayMeasured.TotalsOf(log, Partitions);
        if (lines != grossMinor || totals != merchants)
        {
            throw new BrokenInvariantException(string.Create(
                CultureInfo.InvariantCulture, $"the input is {grossMinor}, the settlements' lines {lines}; merchants were given {merchants}, their totals are {totals}"));
        }
    }
}
