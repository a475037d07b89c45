using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using StreamSettle.Benchmarks.EndToEnd;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The whole service as a process of its own, beside the shop's PostgreSQL and the downstream systems: from the first mark to the last leg confirmed and audited.
/// The orders are all completed before the first mark, so the service works at its own pace. Before them <c>--warm-up</c> 20000 others go the whole road and are not counted: compiling
/// hot code, which takes a service's first minute some ten seconds of the processor, is none of what an order costs. <c>--transport</c> embedded, or kafka: a broker and Connect with
/// Debezium beside it, by the download that KAFKA_HOME names, and <c>--instances</c> 1 of the service; <c>--partitions</c> 16, <c>--host</c> native or streamiz; what is used at rest is told too. <c>--dominant</c> 0: so
/// large a share of the orders is one merchant's; <c>--batch-order</c> OnePerMerchant or InOrder.
/// </summary>
sealed class EndToEndJob : IBenchmarkJob
{
    const int Merchants = 2_000;

    /// <summary>The shop completes some thousands of orders a second here; the first mark comes after the last completion.</summary>
    const int SoldPerSecond = 4_000;

    /// <summary>Debezium, Connect and the broker take more of the processor than capture inside the service: the clock is to know all orders before the first mark there too.</summary>
    const int KnownPerSecond = 2_000;

    /// <summary>What the last orders leave to do is done by then: appends, purges, progress.</summary>
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    const string Embedded = "embedded";
    const string Kafka = "kafka";

    public string Name => "end-to-end";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var size = new Size(options.Count("orders", 100_000), Batching.Of(options, 100, BatchOrder.OnePerMerchant), options.Count("instances", 1), options.Count("partitions", 16), DelayJob.IsHostedByStreamiz(options) ? "Streamiz" : "Native")
        {
            DominantShare = options.Share("dominant", 0),
            WarmUp = options.Count("warm-up", 20_000),
        };
        return options.GetValueOrDefault("transport", Embedded) switch
        {
            Embedded when size.Instances == 1 => RunAsync(size, onKafka: false).GetAwaiter().GetResult(),
            Embedded => throw new UserMistakeException($"--instances is for --transport {Kafka}: the embedded log has one owner"),
            Kafka => RunAsync(size, onKafka: true).GetAwaiter().GetResult(),
            var other => throw new UserMistakeException($"--transport must be {Embedded} or {Kafka}, but is '{other}'"),
        };
    }

    static async Task<string> RunAsync(Size size, bool onKafka)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-end-to-end-").FullName;
        try
        {
            await using var postgres = await PrivatePostgres.StartAsync(new() { Durable = true });
            await using var systems = await SandboxDownstreams.StartAsync(new() { Faults = size.Batching.Systems() }, TimeProvider.System);
            await using (var database = NpgsqlDataSource.Create(postgres.ConnectionString))
            {
                await ShopTables.CreateAsync(database);
            }

            await using var cluster = onKafka ? await KafkaSide.StartAsync(folder) : null;
            return await MeasureAsync(size, folder, postgres, systems, cluster);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<string> MeasureAsync(Size size, string folder, PrivatePostgres postgres, SandboxDownstreams systems, KafkaSide? cluster)
    {
        var (rules, delay) = (Path.Combine(folder, "rules"), TimeSpan.FromSeconds(10 + Math.Max(size.Orders, size.WarmUp) / (cluster is null ? SoldPerSecond : KnownPerSecond)));
        EndToEndRules.Write(rules, delay);
        var settings = Settings(size, rules, postgres, systems, cluster);
        await using var service = MeasuredService.Start(folder, size.Instances, settings);
        if (cluster is not null)
        {
            await KafkaSide.ApplyAsync(folder, settings);
        }

        await service.UntilReadyAsync();
        await SellAsync(size, size.WarmUp, postgres);
        await service.UntilCompletedAsync(size.WarmUp);
        var before = ProcessorSplit.Now(service, postgres, cluster);
        var requests = systems.Stats().Sum(system => system.Requests);
        var firstMark = DateTimeOffset.UtcNow + delay;
        var first = await SellAsync(size, size.Orders, postgres);
        await UntilAsync(firstMark);
        var atMark = ProcessorSplit.Now(service, postgres, cluster);
        var done = await service.UntilCompletedAsync(size.WarmUp + size.Orders);
        var after = ProcessorSplit.Now(service, postgres, cluster);
        requests = systems.Stats().Sum(system => system.Requests) - requests;
        var atRest = cluster is null ? default : await AtRestAsync(service, postgres, cluster);
        await Judgement.RequireSoundAsync(postgres, rules, systems);
        return Answer(size, cluster is not null, new((done - firstMark).TotalSeconds, await StoredEvents.ReadAsync(postgres, first), FirstCalls.Waits(systems.Effects.Snapshot(), first, size.Orders), service.PeakRssMb, new(after - before, after - atMark), atRest)
        {
            Requests = requests,
        });
    }

    /// <summary>What is used where there is nothing to do.</summary>
    static async Task<ProcessorSplit> AtRestAsync(MeasuredService service, PrivatePostgres postgres, KafkaSide cluster)
    {
        await Task.Delay(Settling);
        var before = ProcessorSplit.Now(service, postgres, cluster);
        await Task.Delay(Idle);
        return ProcessorSplit.Now(service, postgres, cluster) - before;
    }

    /// <returns>The first one's id; the others follow it.</returns>
    static async Task<long> SellAsync(Size size, int orders, PrivatePostgres postgres) => (await SandboxShop.RunAsync(
        new() { Orders = orders, Merchants = Merchants, DominantShare = size.DominantShare, BornCompleted = true, Fates = FateShares.None }, postgres.ConnectionString, TimeProvider.System)).FirstOrderId;

    static Task UntilAsync(DateTimeOffset instant) => instant - DateTimeOffset.UtcNow is var left && left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;

    static Dictionary<string, string?> Settings(Size size, string rules, PrivatePostgres postgres, SandboxDownstreams systems, KafkaSide? cluster)
    {
        var settings = ServiceSettings.Of(postgres, rules, systems, size.Batching);
        settings["Partitions"] = size.Partitions.ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in cluster?.Settings(size.Partitions, size.Host) ?? [])
        {
            settings[key] = value;
        }

        return settings;
    }

    static string Answer(Size size, bool onKafka, Measured measured)
    {
        var answer = new JsonObject
        {
            ["job"] = "end-to-end",
            ["transport"] = onKafka ? Kafka : Embedded,
            ["orders"] = size.Orders,
            ["batch"] = size.Batching.Size,
            ["batch_order"] = $"{size.Batching.Order}",
            ["dominant"] = size.DominantShare,
            ["warm_up"] = size.WarmUp,
            ["seconds"] = Math.Round(measured.Seconds, 2),
            ["orders_per_s"] = Math.Round(size.Orders / measured.Seconds),
            ["events"] = measured.Events.Count,
            ["requests_per_order"] = Math.Round(measured.Requests / (double)size.Orders, 3),
            ["due_to_calculation_p50_ms"] = measured.Events.DueToCalculationP50Ms,
            ["due_to_calculation_p99_ms"] = measured.Events.DueToCalculationP99Ms,
            ["due_to_call_p50_ms"] = measured.Waits.PercentileMs(50),
            ["due_to_call_p99_ms"] = measured.Waits.PercentileMs(99),
            ["peak_rss_mb"] = measured.PeakRssMb,
        };
        measured.Used.AddTo(answer, size.Orders, onKafka);
        if (onKafka)
        {
            answer["host"] = size.Host;
            answer["instances"] = size.Instances;
            answer["partitions"] = size.Partitions;
            answer["idle_cpu_percent_each"] = Math.Round(100 * measured.AtRest.Service / Idle / size.Instances, 2);
            answer["idle_broker_cpu_percent"] = Math.Round(100 * measured.AtRest.Broker / Idle, 2);
        }

        return answer.ToJsonString();
    }

    readonly record struct Size(int Orders, Batching Batching, int Instances, int Partitions, string Host)
    {
        /// <summary>Of the orders, one merchant's.</summary>
        public double DominantShare { get; init; }

        /// <summary>Orders that go the whole road before those that are counted.</summary>
        public required int WarmUp { get; init; }
    }

    readonly record struct Measured(double Seconds, StoredEvents Events, FirstCalls Waits, long PeakRssMb, PhasedSplit Used, ProcessorSplit AtRest)
    {
        /// <summary>To all systems, a batch as one.</summary>
        public required long Requests { get; init; }
    }
}
