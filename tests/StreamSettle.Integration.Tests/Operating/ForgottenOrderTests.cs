using System.Net;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary>An order whose retention is over is forgotten, and never settled a second time, whatever becomes of its row and whoever replays it.</summary>
public class ForgottenOrderTests(TestPostgres postgres)
{
    const long Settled = 1_003;
    const long Missed = 5_000;

    [Fact]
    public async Task It_is_refused_when_it_comes_back_and_replayed_only_where_the_event_log_proves_that_it_was_never_settled()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings["Settlements:Retention"] = "00:00:05";
        ApiKeys.Use(world);
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(10) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        await Until.TrueAsync(async () => await CalculatedAsync(world) == 10, "all are settled", seen: () => service.Tail);
        await Until.TrueAsync(async () => (await service.AskAsync("/api/v1/status", key: ApiKeys.Operator)).Text.Contains("\"known\":0,", StringComparison.Ordinal), "all are forgotten", seen: () => service.Tail);

        await world.ExecuteAsync($"update orders set completed_at = now() where order_id = {Settled}");
        await world.ExecuteAsync(
            $"insert into orders select {Missed}, merchant_id, promoter_id, carrier_id, buyer_country, category, currency, gross_amount, shipping_amount, 0, status, false, now() - interval '1 hour' from orders where order_id = {Settled}");
        await RefusedAsync(service, Settled);
        await RefusedAsync(service, Missed);

        var twice = await ReplayAsync(service, Settled);
        Assert.Equal(HttpStatusCode.Conflict, twice.Status);
        Assert.Contains("never settled twice", twice.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await ReplayAsync(service, Missed)).Status);
        await Until.TrueAsync(async () => await CalculatedAsync(world) == 11, "the order that was never settled is", seen: () => service.Tail);
        Assert.Equal(1, await CalculatedAsync(world, Settled));
        Assert.Equal(HttpStatusCode.NotFound, (await ReplayAsync(service, 77)).Status);
    }

    static Task RefusedAsync(ServiceProcess service, long order) => Until.TrueAsync(
        async () => (await service.AskAsync($"/api/v1/dead-letters/{Id(order)}", key: ApiKeys.Operator)).Text.Contains("too_old", StringComparison.Ordinal),
        $"order {order} is too old", seen: () => service.Tail);

    static Task<(HttpStatusCode Status, string Text)> ReplayAsync(ServiceProcess service, long order) =>
        service.AskAsync($"/api/v1/dead-letters/{Id(order)}/replay", HttpMethod.Post, ApiKeys.Operator);

    static string Id(long order) => Uri.EscapeDataString($"{order}:calculation:0");

    static Task<long> CalculatedAsync(World world, long? order = null) => world.QueryAsync<long>(
        "select count(*) from settlement.mt_events where type = 'settlement_calculated'" + (order is null ? "" : $" and stream_id = '{order}'"));
}
