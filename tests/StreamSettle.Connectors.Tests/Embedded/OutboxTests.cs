using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Tests.Debezium;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A shop that tells its orders by an outbox, read by the capture inside of the service.</summary>
public sealed class OutboxTests(SourceServer server)
{
    const string Order = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ";

    [Fact]
    public async Task An_outbox_and_the_table_give_the_same_changes_also_after_a_restart_and_its_rows_may_be_deleted()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(OutboxShop.Sql);
        await shop.ExecuteAsync(Order + "(1,5,'US','USD',9999999999999999.9999,'PAID')");
        var (log, table) = (new MemoryLog(), new MemoryLog());
        await using var plain = await Capture.StartedAsync(shop, table, options => options with { SlotName = "plain", PublicationName = "plain" });
        await using (var first = await Capture.StartedAsync(shop, log, options => options with { Outbox = true }))
        {
            await shop.ExecuteAsync(
                $$"""
                begin;
                {{Order}} (2,5,'DE','EUR',0.0001,'PAID');
                update orders set category = 'Bücher "neu"', invoice = '{"no": "R\u00e9-1", "lines": [{"n": 1, "net": 1.50}]}' where order_id = 2;
                update orders set status = 'DISPUTED' where order_id = 1;
                commit
                """);
            await shop.ExecuteAsync("delete from streamsettle_outbox where aggregateid = 1");
            await shop.ExecuteAsync("delete from orders where order_id = 1");
            await shop.ExecuteAsync("delete from streamsettle_outbox");
            await first.CatchUpAsync(shop, "first");
        }

        await shop.ExecuteAsync("update orders set refunded_amount = 0.0001, status = 'COMPLETED', completed_at = '2026-11-05 10:00:00.123456+00' where order_id = 2");
        await using var again = await Capture.StartedAsync(shop, log, options => options with { Outbox = true });
        await shop.ExecuteAsync(Order + "(3,5,'JP','JPY',12,'PAID')");
        await again.CatchUpAsync(shop, "again");
        await plain.CatchUpAsync(shop, "plain");

        var (told, read) = (Read(again), Read(plain));
        Assert.Equal(7, told.Count);
        Assert.All(read.Select(change => change.Id).Distinct(), id => Assert.Equal(read.Where(change => change.Id == id).Select(change => change.Row), told.Where(change => change.Id == id).Select(change => change.Row)));
        Assert.All(told.GroupBy(change => change.Id), order => Assert.All(order.Zip(order.Skip(1)), pair => Assert.True(pair.Second.Position.IsAfter(pair.First.Position) && !pair.First.Position.IsAfter(pair.Second.Position))));
        Assert.Equal([3], told.GroupBy(change => change.Transaction).Select(together => together.Count()).Where(count => count > 1));
        Assert.Equal(
            plain.Records("orders").Where(record => record.Bytes is not null).Select(record => (record.Partition, record.Key)).Distinct().Order(),
            again.Records("orders").Select(record => (record.Partition, record.Key)).Distinct().Order());
    }

    [Fact]
    public async Task An_event_is_never_changed_and_an_outbox_that_is_not_there_or_gives_no_places_is_told()
    {
        var shop = await server.NewShopAsync();
        await using (var capture = Capture.Start(shop, new MemoryLog(), options => options with { Outbox = true }))
        {
            Assert.Contains("the source has no table public.streamsettle_outbox", (await capture.FailedAsync<UserMistakeException>()).Message, StringComparison.Ordinal);
        }

        await shop.ExecuteAsync(OutboxShop.Sql);
        await shop.ExecuteAsync("alter table streamsettle_outbox disable trigger place");
        await using (var capture = Capture.Start(shop, new MemoryLog(), options => options with { Outbox = true }))
        {
            Assert.Contains("no trigger that calls streamsettle_outbox_place", (await capture.FailedAsync<UserMistakeException>()).Message, StringComparison.Ordinal);
        }

        await shop.ExecuteAsync(Order + "(1,5,'US','USD',1,'PAID')");

        Assert.Contains("there is no UPDATE", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => shop.ExecuteAsync("update streamsettle_outbox set payload = '{}'"))).Message, StringComparison.Ordinal);
        Assert.Contains("there is no TRUNCATE", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => shop.ExecuteAsync("truncate streamsettle_outbox"))).Message, StringComparison.Ordinal);
    }

    static List<Told> Read(Capture capture)
    {
        var (serde, keys, told) = (new OrderChangeSerde(), new OrderKeySerde(), new List<Told>());
        foreach (var record in capture.Records("orders").Where(record => record.Bytes is not null))
        {
            var change = serde.Read(record.Bytes);
            Assert.Equal(change.Id, keys.Read(Encoding.UTF8.GetBytes(record.Key!)));
            told.Add(new(change.Id.Value, change.Position, change.Transaction, $"{change.Op} {OrderText.RowOf(change)}"));
        }

        return told;
    }

    sealed record Told(long Id, ChangePosition Position, SourceTransaction Transaction, string Row);
}
