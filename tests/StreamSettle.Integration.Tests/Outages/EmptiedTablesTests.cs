using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Outages;

/// <summary>The shop empties its tables while orders wait for their marks.</summary>
public class EmptiedTablesTests(TestPostgres postgres)
{
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Orders_of_an_emptied_table_are_cancelled_and_those_of_the_same_transaction_are_settled(bool whileDown)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), Delay);
        var service = world.Run();
        try
        {
            await service.ReadyAsync();
            await world.ExecuteAsync("insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC'); " + Orders(1, 2, 3));
            await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow.Scheduled == 3, "the orders are known", seen: () => service.Tail);
            if (whileDown)
            {
                service.Kill();
                await service.DisposeAsync();
            }

            await world.ExecuteAsync($"begin; truncate orders, merchants; insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC'); {Orders(3, 4)} commit;");
            if (whileDown)
            {
                service = world.Run();
                await service.ReadyAsync();
            }

            await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow is { Completed: 2 }, "what was written again is settled", seen: () => service.Tail);
            Assert.All(world.Downstreams.Effects.Snapshot(), effect => Assert.True(effect.Key.StartsWith("3:", StringComparison.Ordinal) || effect.Key.StartsWith("4:", StringComparison.Ordinal), effect.Key));
            await Until.TrueAsync(
                async () => await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'settlement_cancelled' and data->>'Reason' = 'deleted'") == 3,
                "the event log tells of each order that was lost");
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    static string Orders(params int[] ids) => string.Concat(ids.Select(id =>
        $"insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at) values ({id}, 5, 'DE', 'EUR', 100, 'COMPLETED', now());"));
}
