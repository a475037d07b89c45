using System.Globalization;
using System.Text.Json;
using Npgsql;
using StreamSettle.Benchmarks.EndToEnd;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The quiet load: the service as a process of its own with orders that are completed, and later fall due, at an even rate, and then with nothing to do. What counts is the
/// processor time that an order costs service and PostgreSQL together, the shop's own writes included.
/// <c>--rate</c> 200 orders a second, <c>--seconds</c> 30, <c>--merchants</c> 1000, <c>--batch</c> 1.
/// </summary>
sealed class SteadyJob : IBenchmarkJob
{
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public string Name => "steady";

    public string Run(IReadOnlyDictionary<string, string> options) => RunAsync(
        options.Count("rate", 200), options.Count("seconds", 30), options.Count("merchants", 1_000), options.Count("batch", 1)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(int rate, int seconds, int merchants, int batch)
    {
        var orders = rate * seconds;
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
            var used = await UsedAsync(service, postgres, () => SellAsync(service, postgres, new()
            {
                Orders = orders, RatePerSecond = rate, Merchants = merchants, BornCompleted = true, Fates = FateShares.None,
            }));
            await Task.Delay(Settling);
            var atRest = await UsedAsync(service, postgres, () => Task.Delay(Idle));
            await Judgement.RequireSoundAsync(postgres, rules, systems);
            var waited = Waits(systems.Effects.Snapshot(), orders);
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"job":"steady","orders":{{orders}},"rate":{{rate}},"batch":{{batch}},"cpu_ms_per_order":{{(used.Service + used.Postgres).TotalMilliseconds / orders:F3}},"service_cpu_ms_per_order":{{used.Service.TotalMilliseconds / orders:F3}},"postgres_cpu_ms_per_order":{{used.Postgres.TotalMilliseconds / orders:F3}},"due_to_call_p50_ms":{{Percentile(waited, 50):F0}},"due_to_call_p99_ms":{{Percentile(waited, 99):F0}},"idle_cpu_percent":{{100 * atRest.Service / Idle:F2}},"idle_postgres_cpu_percent":{{100 * atRest.Postgres / Idle:F2}}}""");
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

    static async Task SellAsync(MeasuredService service, PrivatePostgres postgres, ShopOptions shop)
    {
        await SandboxShop.RunAsync(shop, postgres.ConnectionString, TimeProvider.System);
        await service.UntilCompletedAsync(shop.Orders);
    }

    /// <summary>From each order's mark to its first call as that comes in, in milliseconds, ascending.</summary>
    static double[] Waits(IReadOnlyList<EffectEntry> effects, int orders)
    {
        var first = effects.Where(effect => effect.System == Leg.Verification).GroupBy(effect => effect.Key).Select(calls => calls.MinBy(call => call.Sequence)!);
        double[] waits = [.. first.Select(call => (call.ArrivedAt - DueAt(call.Body)).TotalMilliseconds).Order()];
        return waits.Length == orders ? waits : throw new BrokenInvariantException($"{orders} orders were sold, but {waits.Length} were called for");
    }

    static UtcInstant DueAt(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return UtcInstant.Parse(json.RootElement.GetProperty("dueAt").GetString()!);
    }

    static double Percentile(double[] ascending, int percent) => ascending[Math.Min(ascending.Length - 1, ascending.Length * percent / 100)];
}
