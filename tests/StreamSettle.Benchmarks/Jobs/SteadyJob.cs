using System.Globalization;
using Npgsql;
using StreamSettle.Benchmarks.EndToEnd;
using StreamSettle.Delivery.Options;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The quiet load: the service as a process of its own with orders that are completed, and later fall due, at an even rate, and then with nothing to do. What counts is the
/// processor time that an order costs service and PostgreSQL together, the shop's own writes included. <c>--warm-up-seconds</c> 20 of the same come before: what compiling
/// hot code costs a young service is none of an order's.
/// <c>--rate</c> 200 orders a second, <c>--seconds</c> 30, <c>--merchants</c> 1000, <c>--batch</c> 1,
/// <c>--idle-seconds</c> 10 with nothing to do.
/// </summary>
sealed class SteadyJob : IBenchmarkJob
{
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public string Name => "steady";

    public string Run(IReadOnlyDictionary<string, string> options) => RunAsync(
        new(options.Count("rate", 200), options.Count("seconds", 30), options.Count("warm-up-seconds", 20), options.Count("merchants", 1_000), options.Count("idle-seconds", 10)), options.Count("batch", 1)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(Load load, int batch)
    {
        var orders = load.Rate * load.Seconds;
        var folder = Directory.CreateTempSubdirectory("streamsettle-steady-");
        await using var postgres = await PrivatePostgres.StartAsync(new() { Durable = true });
        await using var systems = await SandboxDownstreams.StartAsync(new(), TimeProvider.System);
        try
        {
            var rules = Path.Combine(folder.FullName, "rules");
            EndToEndRules.Write(rules, Delay);
            await using (var database = NpgsqlDataSource.Create(postgres.ConnectionString))
            {
                await ShopTables.CreateAsync(database);
            }

            await using var service = MeasuredService.Start(folder.FullName, instances: 1, ServiceSettings.Of(postgres, rules, systems, new(batch, BatchOrder.OnePerMerchant)));
            await service.UntilReadyAsync();
            var warmUp = load.Rate * load.WarmUpSeconds;
            var first = await SellAsync(service, postgres, load, warmUp, before: 0) + warmUp;
            var used = await UsedAsync(service, postgres, () => SellAsync(service, postgres, load, orders, before: warmUp));
            await Task.Delay(Settling);
            var atRest = await UsedAsync(service, postgres, () => Task.Delay(load.Idle));
            await Judgement.RequireSoundAsync(postgres, rules, systems);
            var waited = FirstCalls.Waits(systems.Effects.Snapshot(), first, orders);
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"job":"steady","orders":{{orders}},"rate":{{load.Rate}},"batch":{{batch}},"cpu_ms_per_order":{{(used.Service + used.Postgres).TotalMilliseconds / orders:F3}},"service_cpu_ms_per_order":{{used.Service.TotalMilliseconds / orders:F3}},"postgres_cpu_ms_per_order":{{used.Postgres.TotalMilliseconds / orders:F3}},"due_to_call_p50_ms":{{waited.PercentileMs(50)}},"due_to_call_p99_ms":{{waited.PercentileMs(99)}},"idle_cpu_percent":{{100 * atRest.Service / load.Idle:F2}},"idle_postgres_cpu_percent":{{100 * atRest.Postgres / load.Idle:F2}}}""");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<ProcessorSplit> UsedAsync(MeasuredService service, PrivatePostgres postgres, Func<Task> during)
    {
        var before = ProcessorSplit.Now(service, postgres, cluster: null);
        await during();
        return ProcessorSplit.Now(service, postgres, cluster: null) - before;
    }

    /// <param name="before">Orders that were sold before these.</param>
    /// <returns>The first one's id; the others follow it.</returns>
    static async Task<long> SellAsync(MeasuredService service, PrivatePostgres postgres, Load load, int orders, int before)
    {
        var sold = await SandboxShop.RunAsync(
            new() { Orders = orders, RatePerSecond = load.Rate, Merchants = load.Merchants, BornCompleted = true, Fates = FateShares.None }, postgres.ConnectionString, TimeProvider.System);
        await service.UntilCompletedAsync(before + orders);
        return sold.FirstOrderId;
    }

    /// <param name="Rate">Orders a second.</param>
    readonly record struct Load(int Rate, int Seconds, int WarmUpSeconds, int Merchants, int IdleSeconds)
    {
        public TimeSpan Idle => TimeSpan.FromSeconds(IdleSeconds);
    }
}
