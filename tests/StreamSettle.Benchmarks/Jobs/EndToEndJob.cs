using System.Globalization;
using StreamSettle.Benchmarks.EndToEnd;
using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The whole service as a process of its own, beside the shop's PostgreSQL and the downstream systems: from the first mark to the last leg confirmed and audited.
/// The orders are all completed before the first mark, so the service works at its own pace.
/// </summary>
sealed class EndToEndJob : IBenchmarkJob
{
    const int Merchants = 2_000;

    /// <summary>The shop completes some thousands of orders a second here; the first mark comes after the last completion.</summary>
    const int SoldPerSecond = 4_000;

    public string Name => "end-to-end";

    public string Run(IReadOnlyDictionary<string, string> options) =>
        RunAsync(options.Count("orders", 100_000), options.Count("batch", 100)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(int orders, int batch)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-end-to-end-");
        var delay = TimeSpan.FromSeconds(10 + orders / SoldPerSecond);
        await using var postgres = await PrivatePostgres.StartAsync(new() { Durable = true });
        await using var systems = await SandboxDownstreams.StartAsync(new(), TimeProvider.System);
        try
        {
            var rules = Path.Combine(folder.FullName, "rules");
            EndToEndRules.Write(rules, delay);
            var shopOptions = new ShopOptions { Orders = orders, Merchants = Merchants, BornCompleted = true, Fates = FateShares.None };
            await using (var database = NpgsqlDataSource.Create(postgres.ConnectionString))
            {
                await ShopTables.CreateAsync(database);
            }

            await using var service = ServiceProcess.Start(folder.FullName, rules, postgres.ConnectionString, systems.Configuration, batch);
            await service.UntilReadyAsync();
            var before = ProcessorSplit.Now(service, postgres);
            var firstMark = DateTimeOffset.UtcNow + delay;
            await SandboxShop.RunAsync(shopOptions, postgres.ConnectionString, TimeProvider.System);
            var done = await service.UntilCompletedAsync(orders);
            var used = ProcessorSplit.Now(service, postgres) - before;
            var report = await DemoAuditor.RunAsync(
                new() { SourceConnectionString = postgres.ConnectionString, RulesDirectory = rules, Tolerance = new() { Grace = TimeSpan.Zero } },
                systems.Effects.Snapshot(), systems.Stats(), TimeProvider.System);
            if (!report.IsSound)
            {
                throw new BrokenInvariantException(report.ToText());
            }

            var seconds = (done.At - firstMark).TotalSeconds;
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"job":"end-to-end","orders":{{orders}},"batch":{{batch}},"seconds":{{seconds:F2}},"orders_per_s":{{orders / seconds:F0}},"events":{{done.Events}},"due_to_call_p99_ms":{{done.LatenessMsP99}},"peak_rss_mb":{{service.PeakRssMb}},"service_cpu_ms_per_order":{{used.Service.TotalMilliseconds / orders:F3}},"postgres_cpu_ms_per_order":{{used.Postgres.TotalMilliseconds / orders:F3}},"sandbox_cpu_ms_per_order":{{used.Sandbox.TotalMilliseconds / orders:F3}}}""");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
