using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Outages;

/// <summary>A transaction that is too large for one commit of the log comes in parts: none of them counts before the last.</summary>
public class LargeTransactionTests(TestPostgres postgres)
{
    /// <summary>Enough rows for several parts.</summary>
    const string Many = "insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, note) select i, 5, 'DE', 'EUR', 1, 'CREATED', repeat('x', 500) from generate_series(100001, 160000) i;";

    [Fact]
    public async Task A_refund_that_is_raised_and_lowered_again_within_it_is_not_reversed_by_its_middle()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.ExecuteAsync("insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC'); " + Orders(1, 2));
        await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow is { Completed: 2 }, "both orders are settled", seen: () => service.Tail);

        await world.ExecuteAsync($"begin; update orders set refunded_amount = 60; {Many} update orders set refunded_amount = 0 where order_id = 1; commit;");
        await world.ExecuteAsync(Orders(3));
        await Until.TrueAsync(
            async () => (await service.StatusAsync())?.Flow is { Completed: 3, ReversalsCompleted: 1 }, "the refund that is left is reversed", seen: () => service.Tail);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync());
        Assert.Equal("2", await world.QueryAsync<string>("select string_agg(stream_id, ' ') from settlement.mt_events where type in ('reversal_requested', 'delivery_dead_lettered')"));
    }

    static string Orders(params int[] ids) => string.Concat(ids.Select(id =>
        $"insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at) values ({id}, 5, 'DE', 'EUR', 100, 'COMPLETED', now());"));
}
