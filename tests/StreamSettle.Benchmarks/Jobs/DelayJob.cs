using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamSettle.Benchmarks.Delay;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The 24-hour delay, the same job as the Kafka Streams peer does: Debezium JSON in, store, due scan, repartition, totals, JSON out, exactly once, commits every 100 ms.
/// <c>--transport</c> embedded, <c>--orders</c> 1000000, <c>--threads</c> 2, <c>--state</c> a directory (default: a temporary one).
/// </summary>
sealed class DelayJob : IBenchmarkJob
{
    const int DefaultOrders = 1_000_000;
    const int DefaultThreads = 2;
    const int WarmUpOrders = 200_000;
    const string Embedded = "embedded";
    const double Megabyte = 1 << 20;

    public string Name => "delay";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var transport = options.GetValueOrDefault("transport", Embedded);
        if (transport != Embedded)
        {
            throw new UserMistakeException($"--transport must be {Embedded}, but is '{transport}'");
        }

        var orders = options.Count("orders", DefaultOrders);
        var threads = options.Count("threads", DefaultThreads);
        using var state = new StateRoot(options.GetValueOrDefault("state"));
        new DelayRun(state.Next(), Math.Min(orders, WarmUpOrders), threads).Execute();
        var run = new DelayRun(state.Next(), orders, threads);
        run.Execute();
        using var process = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["orders"] = orders,
            ["distinct"] = run.Distinct,
            ["seconds"] = Math.Round(run.Seconds, 2),
            ["orders_per_s"] = Math.Round(orders / run.Seconds),
            ["allocated_bytes_per_record"] = Math.Round(run.AllocatedPerOrder, 1),
            ["peak_rss_mb"] = Math.Round(process.PeakWorkingSet64 / Megabyte),
            ["processor_us_per_order"] = Math.Round(run.ProcessorUsPerOrder, 2),
            ["value_bytes"] = Math.Round(run.ValueBytesAverage),
            ["threads"] = threads,
            ["transport"] = transport,
        }.ToJsonString();
    }
}
