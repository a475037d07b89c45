using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using StreamSettle.Benchmarks.EndToEnd;
using StreamSettle.Benchmarks.Seed;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The old world's worst night: all orders fall due at one instant, over merchants with Zipf's shares, at systems that take 20 ms, of which that for export refunds takes 1,000 requests a
/// minute. How long until the last split. <c>--orders</c> 800000, <c>--merchants</c> 5000, <c>--latency-ms</c> 20, <c>--batch</c> 100, <c>--batch-order</c> InOrder, <c>--selling-seconds</c>
/// a minute and one more for 2,000 orders: within that all are sold and known; <c>--judge</c> full, or sums (the default above 100,000 orders: the auditor holds all in memory);
/// <c>--chart</c> docs/seed-backlog.svg.
/// </summary>
sealed class SeedJob : IBenchmarkJob
{
    const int SoldPerSecond = 2_000;
    const int MostJudgedWhole = 100_000;
    const int RefundsPerMinute = 1_000;

    public string Name => "seed";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var orders = options.Count("orders", 800_000);
        var night = new Night(orders, options.Count("merchants", 5_000), Batching.Of(options, 100, BatchOrder.InOrder), TimeSpan.FromMilliseconds(options.Count("latency-ms", 20)))
        {
            Selling = TimeSpan.FromSeconds(options.Count("selling-seconds", 60 + orders / SoldPerSecond)),
            Chart = Path.GetFullPath(options.GetValueOrDefault("chart", Path.Combine("docs", "seed-backlog.svg"))),
            IsJudgedWhole = options.GetValueOrDefault("judge", orders <= MostJudgedWhole ? "full" : "sums") switch
            {
                "full" => true,
                "sums" => false,
                var other => throw new UserMistakeException($"--judge must be full or sums, but is '{other}'"),
            },
        };
        return Directory.Exists(Path.GetDirectoryName(night.Chart))
            ? RunAsync(night).GetAwaiter().GetResult()
            : throw new UserMistakeException($"--chart: there is no folder {Path.GetDirectoryName(night.Chart)}; run it from the root of the repository, or give the chart another place");
    }

    static async Task<string> RunAsync(Night night)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-seed-").FullName;
        try
        {
            await using var postgres = await PrivatePostgres.StartAsync(new() { Durable = true });
            await using var systems = await SandboxDownstreams.StartAsync(new() { Faults = Systems(night) }, TimeProvider.System);
            await using (var database = NpgsqlDataSource.Create(postgres.ConnectionString))
            {
                await ShopTables.CreateAsync(database);
            }

            return await MeasureAsync(night, folder, postgres, systems);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static FaultPlan Systems(Night night)
    {
        var plan = night.Batching.Systems(night.Latency);
        return plan.With(Leg.TaxRefund, plan.Systems[$"{Leg.TaxRefund}"] with { RateLimit = RefundsPerMinute, RateWindow = TimeSpan.FromMinutes(1) });
    }

    static async Task<string> MeasureAsync(Night night, string folder, PrivatePostgres postgres, SandboxDownstreams systems)
    {
        var rules = Path.Combine(folder, "rules");
        EndToEndRules.Write(rules, night.Selling);
        await using var service = MeasuredService.Start(folder, instances: 1, ServiceSettings.Of(postgres, rules, systems, night.Batching), night.Patience);
        await service.UntilReadyAsync();
        var before = ProcessorSplit.Now(service, postgres, cluster: null);
        var completedAt = DateTimeOffset.UtcNow;
        var mark = completedAt + night.Selling;
        var sold = await SandboxShop.RunAsync(
            new() { Orders = night.Orders, Merchants = night.Merchants, ZipfExponent = 1, BornCompleted = true, CompletedAt = completedAt, Fates = FateShares.None }, postgres.ConnectionString, TimeProvider.System);
        if (DateTimeOffset.UtcNow > mark)
        {
            throw new UserMistakeException($"selling took {sold.Elapsed.TotalSeconds:F0} s, so that the first marks passed before the last orders were there: give --selling-seconds more than {night.Selling.TotalSeconds:F0}");
        }

        using var enough = new CancellationTokenSource();
        var backlog = new BacklogSampler(systems, night.Orders, mark).RunAsync(enough.Token);
        var done = await service.UntilCompletedAsync(night.Orders);
        await enough.CancelAsync();
        var used = ProcessorSplit.Now(service, postgres, cluster: null) - before;
        var sums = await SeedSums.CheckAsync(systems.Effects.Snapshot(), postgres.ConnectionString, night.Orders);
        if (night.IsJudgedWhole)
        {
            await Judgement.RequireSoundAsync(postgres, rules, systems);
        }

        var seconds = (DateTimeOffset.FromUnixTimeMilliseconds(sums.LastSplit.Microseconds / 1_000) - mark).TotalSeconds;
        await File.WriteAllTextAsync(night.Chart, BacklogChart.Of(night.Title, await backlog));
        return Answer(night, seconds, sums, (done - mark).TotalSeconds, service.PeakRssMb, used);
    }

    static string Answer(Night night, double seconds, SeedSums sums, double secondsToEnd, long peakRssMb, ProcessorSplit used)
    {
        double PerOrder(TimeSpan time) => Math.Round(time.TotalMilliseconds / night.Orders, 3);
        double Percentile(int percent) => Math.Round(sums.Waits[Math.Min(sums.Waits.Count - 1, (int)((long)sums.Waits.Count * percent / 100))]);
        return new JsonObject
        {
            ["job"] = "seed",
            ["orders"] = night.Orders,
            ["merchants"] = sums.Merchants,
            ["batch"] = night.Batching.Size,
            ["batch_order"] = $"{night.Batching.Order}",
            ["latency_ms"] = night.Latency.TotalMilliseconds,
            ["seconds_to_last_split"] = Math.Round(seconds, 2),
            ["orders_per_s"] = Math.Round(night.Orders / seconds),
            ["due_to_split_p50_ms"] = Percentile(50),
            ["due_to_split_p95_ms"] = Percentile(95),
            ["due_to_split_p99_ms"] = Percentile(99),
            ["due_to_split_max_ms"] = Percentile(100),
            ["seconds_to_all_confirmed_and_audited"] = Math.Round(secondsToEnd, 2),
            ["peak_rss_mb"] = peakRssMb,
            ["service_cpu_ms_per_order"] = PerOrder(used.Service),
            ["postgres_cpu_ms_per_order"] = PerOrder(used.Postgres),
            ["sandbox_cpu_ms_per_order"] = PerOrder(used.Sandbox),
            ["judged"] = night.IsJudgedWhole ? "full" : "sums",
            ["chart"] = night.Chart,
        }.ToJsonString();
    }

    sealed record Night(int Orders, int Merchants, Batching Batching, TimeSpan Latency)
    {
        /// <summary>From the completion of all orders to their mark.</summary>
        public required TimeSpan Selling { get; init; }

        public required string Chart { get; init; }

        /// <summary>By the auditor, who recomputes every invariant.</summary>
        public required bool IsJudgedWhole { get; init; }

        /// <summary>Slower than ten milliseconds an order it is stuck.</summary>
        public TimeSpan Patience => TimeSpan.FromMinutes(10) + Selling + Orders * TimeSpan.FromMilliseconds(10);

        public string Title => string.Create(
            CultureInfo.InvariantCulture, $"{Orders:N0} orders due at once, {Merchants:N0} merchants, systems of {Latency.TotalMilliseconds:F0} ms, batches of {Batching.Size} {(Batching.Order == BatchOrder.InOrder ? "in order" : "with one call a merchant")}");
    }
}
