using Confluent.Kafka;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Tests.Debezium;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Schemas.Changes;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>Orders that a shop tells by an outbox, through the real Debezium and its event router.</summary>
[Collection(ConnectTests.Name)]
public sealed class OutboxTests(SourceServer server, ConnectWorker worker)
{
    /// <summary>Of the table: a row of the snapshot, inserts, updates, a delete. Its tombstone is none.</summary>
    const int Changes = 9;

    [Fact]
    public async Task An_outbox_and_the_table_give_the_same_changes_and_its_rows_may_be_deleted()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await shop.Database.ExecuteAsync(OutboxShop.Sql);
        var source = shop.Options.Source with { TopicPrefix = worker.Broker.NewName("outbox"), SlotName = $"{shop.Slot}_outbox", Outbox = true };
        await shop.Database.ExecuteAsync($"grant select on streamsettle_outbox to {new Npgsql.NpgsqlConnectionStringBuilder(source.ConnectionString).Username}; alter publication streamsettle add table streamsettle_outbox");
        await shop.OrderAsync(1, "9999999999999999.9999");
        await shop.ApplyAsync();
        await using var outbox = await ApplyAsync(shop, source);
        var topic = $"{source.TopicPrefix}.public.orders";
        await Eventually.HoldsAsync(() => shop.Orders().Count == 1 && Of(topic).Count == 1, () => "the snapshots' rows have not come");

        await shop.OrderAsync(2, "0.0001");
        await shop.Database.ExecuteAsync(
            """
            begin;
            update orders set category = 'Bücher "neu"', invoice = '{"no": "R\u00e9-1", "lines": [{"n": 1, "net": 1.50}]}', carrier_id = 9 where order_id = 2;
            update orders set refunded_amount = 0.0001, status = 'COMPLETED', completed_at = '2026-11-05 10:00:00.123456+00' where order_id = 2;
            update orders set status = 'DISPUTED' where order_id = 1;
            commit
            """);
        await shop.Database.ExecuteAsync("delete from streamsettle_outbox where aggregateid = 1");
        await shop.Database.ExecuteAsync("delete from orders where order_id = 1");
        await shop.Database.ExecuteAsync("delete from streamsettle_outbox");
        await shop.Database.ExecuteAsync("vacuum full streamsettle_outbox");
        await shop.OrderAsync(3);
        await shop.Database.ExecuteAsync("update orders set export_refund = true, shipping_amount = 1.25 where order_id = 3");
        await shop.OrderAsync(4);
        await Eventually.HoldsAsync(() => shop.Orders().Count == Changes + 1 && Of(topic).Count == Changes, () => $"{shop.Orders().Count} records of the table, {Of(topic).Count} of the outbox");

        var (table, told) = (Read(shop.Orders()), Read(Of(topic)));
        Assert.All(table.Select(change => change.Id).Distinct(), id => Assert.Equal(table.Where(change => change.Id == id).Select(change => change.Row), told.Where(change => change.Id == id).Select(change => change.Row)));
        Assert.All(told.GroupBy(change => change.Id), order => Assert.All(order.Zip(order.Skip(1)), pair => Assert.True(pair.Second.Position.IsAfter(pair.First.Position) && !pair.First.Position.IsAfter(pair.Second.Position))));

        // A transaction has one name, and no other has it.
        Assert.Equal(table.GroupBy(change => change.Transaction).Select(together => string.Join(' ', together.Select(change => change.Id).Order())).Order(), told.GroupBy(change => change.Transaction).Select(together => string.Join(' ', together.Select(change => change.Id).Order())).Order());
        Assert.Equal([3], told.GroupBy(change => change.Transaction).Select(together => together.Count()).Where(count => count > 1));
    }

    [Fact]
    public async Task Of_two_transactions_with_one_order_the_one_that_is_committed_later_has_the_greater_place()
    {
        var database = await server.NewShopAsync();
        await database.ExecuteAsync(OutboxShop.Sql);
        const string insert = """insert into streamsettle_outbox (aggregateid, type, payload) values (7, 'OrderChanged', '{"order_id": 7, "by": "BY"}')""";
        await using var first = await database.OpenAsync();
        await using var transaction = await first.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new Npgsql.NpgsqlCommand(insert.Replace("BY", "first", StringComparison.Ordinal), first, transaction))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var second = database.ExecuteAsync(insert.Replace("BY", "second", StringComparison.Ordinal));
        await Eventually.HoldsAsync(async () => await database.ScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted") == 1, () => "the second does not wait");
        await database.ExecuteAsync(insert.Replace("7", "8", StringComparison.Ordinal));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await second;

        Assert.Equal("first second", await database.ScalarAsync<string>("select string_agg(payload ->> 'by', ' ' order by (payload ->> '__lsn')::bigint) from streamsettle_outbox where aggregateid = 7"));
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ExecuteAsync(insert.Replace("(7", "(9", StringComparison.Ordinal)));
        Assert.Contains("aggregateid is 9, and order_id of the payload 7", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>By the file that comes along.</summary>
    static async Task<Applied> ApplyAsync(Shop shop, EmbeddedCdcOptions source)
    {
        var outcome = await shop.Operations.ApplyAsync(new ConnectorFile(shop.Options.Connect.Directory, new ConnectorValues(source, _ => null).Of).Read(ConnectOptions.OutboxName), TestContext.Current.CancellationToken);
        Assert.True(outcome.Runs, outcome.Status?.Problem);
        return new(shop, source.SlotName!);
    }

    IReadOnlyList<Message<byte[]?, byte[]?>> Of(string topic) => Records.Of(worker.Broker.Bootstrap, topic);

    static List<Told> Read(IEnumerable<Message<byte[]?, byte[]?>> records)
    {
        var (serde, keys, told) = (new OrderChangeSerde(), new OrderKeySerde(), new List<Told>());
        foreach (var record in records.Where(record => record.Value is not null))
        {
            var change = serde.Read(record.Value);
            Assert.Equal(change.Id, keys.Read(record.Key));
            told.Add(new(change.Id.Value, change.Position, change.Transaction, $"{change.Op} {OrderText.RowOf(change)}"));
        }

        return told;
    }

    sealed record Told(long Id, ChangePosition Position, SourceTransaction Transaction, string Row);

    /// <summary>The connector goes, and then the slot.</summary>
    sealed class Applied(Shop shop, string slot) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await shop.Client.DeleteAsync(ConnectOptions.OutboxName, default);
            await shop.DropSlotAsync(slot);
        }
    }
}
