using System.Globalization;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using Xunit;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>A shop completes all it has at one instant, of one merchant or of many: nothing goes before that instant's mark, nothing twice, and what waits costs no more memory than its number.</summary>
public class StampedeTests(TestPostgres postgres)
{
    const int Legs = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public Task All_at_one_instant(int merchants) => RunAsync(orders: 1_000, merchants, TimeSpan.FromSeconds(5), mostMegabytes: 1_000);

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData(1)]
    [InlineData(1_000)]
    public Task Twenty_thousand_at_one_instant(int merchants) => RunAsync(orders: 20_000, merchants, TimeSpan.FromSeconds(30), mostMegabytes: 1_000);

    async Task RunAsync(int orders, int merchants, TimeSpan delay, int mostMegabytes)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), delay, FaultPlan.ForAll(_ => new() { InOrder = true }));
        foreach (var leg in world.Downstreams.BaseUrls.Keys)
        {
            world.Settings[$"Downstreams:{leg}:BatchSize"] = "100";
            world.Settings[$"Downstreams:{leg}:BatchOrder"] = "InOrder";
            world.Settings[$"Downstreams:{leg}:Timeout"] = "00:00:10";
        }

        await using var service = world.Run();
        await service.ReadyAsync();
        await world.ExecuteAsync($"""
            insert into merchants select i, 'Merchant ' || i, 'STANDARD', 'DE', 'UTC' from generate_series(1, {merchants}) i;
            insert into promoters values (1, null, 'One');
            insert into orders (order_id, merchant_id, promoter_id, buyer_country, currency, gross_amount, status, completed_at)
              select i, 1 + i % {merchants}, 1, 'DE', 'EUR', 10 + i % 90, 'COMPLETED', transaction_timestamp() from generate_series(1, {orders}) i;
            """);
        await Settled.OrdersAsync(world, service, orders, TimeSpan.FromMinutes(5));

        await world.SoundAsync();
        var mark = new DateTimeOffset(await world.QueryAsync<DateTime>("select max(completed_at) from orders")) + delay;
        var effects = world.Downstreams.Effects.Snapshot();
        Assert.All(effects, effect => Assert.True(effect.ArrivedAt.ToDateTimeOffset() >= mark, $"{effect.Key} at {effect.ArrivedAt}, before {mark:O}"));
        Assert.Equal((orders * Legs, 0), (effects.Count(effect => effect.Outcome == EffectOutcome.Accepted), effects.Count(effect => effect.Outcome != EffectOutcome.Accepted)));
        var (took, peak) = (effects.Max(effect => effect.ArrivedAt).ToDateTimeOffset() - mark, PeakMegabytes(service.Id));
        Console.WriteLine($"stampede: {orders} orders of {merchants} merchants at one instant: {took.TotalSeconds:F1} s to the last effect, {world.Downstreams.Stats().Sum(system => system.Requests)} requests, peak {peak} MB");
        Assert.InRange(peak, 1, mostMegabytes);
    }

    /// <summary>What the process had resident at most, in MB.</summary>
    static int PeakMegabytes(int process)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
