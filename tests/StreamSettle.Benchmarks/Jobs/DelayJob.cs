using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamSettle.Benchmarks.Delay;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The 24-hour delay, the same job as the Kafka Streams peer does: Debezium JSON in, store, due scan, repartition, totals, JSON out, exactly once, commits every 100 ms.
/// <c>--transport</c> embedded (kafka: with <c>--bootstrap</c>, and <c>--topic</c> of the peer's generator; <c>--client</c> settings of its clients, name=value,..., <c>--host</c> native or streamiz), <c>--orders</c> 1000000, <c>--threads</c> 2, <c>--state</c> a directory (default: a temporary one).
/// </summary>
sealed class DelayJob : IBenchmarkJob
{
    const int DefaultOrders = 1_000_000;
    const int DefaultThreads = 2;
    const int WarmUpOrders = 200_000;
    const string Embedded = "embedded";
    const string Kafka = "kafka";
    const string Native = "native";
    const string Streamiz = "streamiz";
    const double Megabyte = 1 << 20;

    public string Name => "delay";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var transport = options.GetValueOrDefault("transport", Embedded);
        if (transport is not (Embedded or Kafka))
        {
            throw new UserMistakeException($"--transport must be {Embedded} or {Kafka}, but is '{transport}'");
        }

        var orders = options.Count("orders", DefaultOrders);
        var threads = options.Count("threads", DefaultThreads);
        using var state = new StateRoot(options.GetValueOrDefault("state"));
        new DelayRun(state.Next(), Math.Min(orders, WarmUpOrders), threads).Execute();
        return transport == Kafka ? OnKafka(options, state, orders, threads) : OnEmbedded(state, orders, threads);
    }

    static string OnEmbedded(StateRoot state, int orders, int threads)
    {
        var run = new DelayRun(state.Next(), orders, threads);
        return Answer(Embedded, orders, threads, run.Execute(), ("value_bytes", Math.Round(run.ValueBytesAverage)));
    }

    /// <exception cref="UserMistakeException">There is no such host.</exception>
    public static bool IsHostedByStreamiz(IReadOnlyDictionary<string, string> options) => options.GetValueOrDefault("host", Native) switch
    {
        Native => false,
        Streamiz => true,
        var other => throw new UserMistakeException($"--host must be {Native} or {Streamiz}, but is '{other}'"),
    };

    static string OnKafka(IReadOnlyDictionary<string, string> options, StateRoot state, int orders, int threads)
    {
        var run = new DelayKafkaRun(Needed(options, "bootstrap"), Needed(options, "topic"), state.Next(), orders, threads)
        {
            Client = options.GetValueOrDefault("client", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).ToDictionary(setting => setting[0], setting => setting[^1]),
            IsHostedByStreamiz = IsHostedByStreamiz(options),
        };
        return Answer(run.IsHostedByStreamiz ? $"{Kafka} {Streamiz}" : Kafka, orders, threads, run.Execute());
    }

    static string Needed(IReadOnlyDictionary<string, string> options, string name) =>
        options.GetValueOrDefault(name) ?? throw new UserMistakeException($"--transport {Kafka} wants --bootstrap and --topic, which the peer's 'delay-bench generate' fills");

    static string Answer(string transport, int orders, int threads, DelayMeasured run, params ReadOnlySpan<(string Name, double Value)> more)
    {
        using var process = Process.GetCurrentProcess();
        var answer = new JsonObject
        {
            ["orders"] = orders,
            ["distinct"] = run.Distinct,
            ["seconds"] = Math.Round(run.Seconds, 2),
            ["orders_per_s"] = Math.Round(orders / run.Seconds),
            ["allocated_bytes_per_record"] = Math.Round(run.AllocatedPerOrder, 1),
            ["peak_rss_mb"] = Math.Round(process.PeakWorkingSet64 / Megabyte),
            ["processor_us_per_order"] = Math.Round(run.ProcessorUsPerOrder, 2),
            ["threads"] = threads,
            ["transport"] = transport,
        };
        foreach (var (name, value) in more)
        {
            answer[name] = value;
        }

        return answer.ToJsonString();
    }
}
