using System.Net;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Outages;

/// <summary>The source is altered while orders wait for their marks.</summary>
public class AlteredSourceTests(TestPostgres postgres)
{
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_refund_under_another_columns_name_counts_when_that_has_its_name_back()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), Delay);
        world.Settings["Source:Silence"] = "00:00:02";
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.ExecuteAsync("""
            insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC');
            insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at) values (1, 5, 'DE', 'EUR', 100, 'COMPLETED', now());
            """);
        await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow.Scheduled == 1, "the order is known", seen: () => service.Tail);

        await world.ExecuteAsync("alter table orders rename refunded_amount to refunded; update orders set refunded = 60");
        await Until.TrueAsync(async () => (await service.AskAsync("/health/ready")) is (HttpStatusCode.ServiceUnavailable, var text) && text.Contains("refunded_amount", StringComparison.Ordinal), "it says what is wrong", seen: () => service.Tail);
        await Until.TrueAsync(async () => await world.QueryAsync<bool>($"select completed_at + interval '{Delay.TotalSeconds + 3} s' < clock_timestamp() from orders"), "the mark has passed");
        Assert.Empty(world.Downstreams.Effects.Snapshot());
        Assert.False(service.HasExited);

        await world.ExecuteAsync("alter table orders rename refunded to refunded_amount");
        await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow.Completed == 1, "it is settled", seen: () => service.Tail);
        Assert.Equal(4000L, await world.QueryAsync<long>("select (data->>'Net')::bigint from settlement.mt_events where type = 'settlement_calculated'"));
    }
}
