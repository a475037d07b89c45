using Confluent.Kafka;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>What the real Debezium writes by the real Avro converter is read with the schemas of the real registry.</summary>
[Collection(ConnectTests.Name)]
public sealed class AvroTests(SourceServer server, ConnectWorker worker)
{
    /// <summary>A row of the snapshot, an insert, an update after the table got a column, a delete with its tombstone.</summary>
    const int Expected = 5;

    [Fact]
    public async Task Changes_are_read_to_the_last_digit_also_after_a_column_was_added()
    {
        await using var registry = await RegistryServer.StartAsync(worker.Broker);
        using var schemas = registry.OpenSchemas();
        await schemas.LookAsync();
        await using var shop = await Shop.OpenAsync(server, worker, SourceFormat.Avro, registry);
        await shop.OrderAsync(1, "9999999999999999.9999");
        await shop.ApplyAsync();
        await Eventually.HoldsAsync(() => shop.Orders().Count == 1, () => "the snapshot's row has not come");
        await shop.OrderAsync(2, "0.0001");
        await shop.Database.ExecuteAsync("alter table orders add column gift text");
        await shop.Database.ExecuteAsync("update orders set refunded_amount = 0.0001, status = 'COMPLETED', completed_at = '2026-11-05 10:00:00.123456+00', gift = 'yes' where order_id = 2");
        await shop.Database.ExecuteAsync("delete from orders where order_id = 1");
        await Eventually.HoldsAsync(() => shop.Orders().Count >= Expected, () => $"{shop.Orders().Count} of {Expected} records");

        var told = shop.Orders().Select(record => Read(record, schemas)).ToList();

        Assert.Equal(["1 r 9999999999999999.9999 0.0000 Paid ", "1 d", "1 -"], told.Where(text => text.StartsWith("1 ", StringComparison.Ordinal)));
        Assert.Equal(["2 u 0.0001 0.0000 Paid ", "2 u 0.0001 0.0001 Completed 2026-11-05T10:00:00.123456Z"], told.Where(text => text.StartsWith("2 ", StringComparison.Ordinal)));
        Assert.Equal(2, shop.Orders().Where(record => record.Value is not null).Select(record => WireFormat.Read(record.Value, out _)).Distinct().Count());
    }

    [Fact]
    public async Task An_id_that_the_registry_does_not_have_makes_a_record_unreadable()
    {
        await using var registry = await RegistryServer.StartAsync(worker.Broker);
        using var schemas = registry.OpenSchemas();

        var problem = Assert.Throws<SerdeException>(() => new OrderChangeSerde(schemas: schemas).Read([WireFormat.Magic, 0, 0, 99, 99, 2]));

        Assert.Contains("the schema registry has no schema 25443", problem.Message, StringComparison.Ordinal);
    }

    static string Read(Message<byte[]?, byte[]?> record, IWriterSchemas schemas)
    {
        var id = new OrderKeySerde(schemas: schemas).Read(record.Key).Value;
        if (record.Value is null)
        {
            return $"{id} -";
        }

        var change = new OrderChangeSerde(schemas: schemas).Read(record.Value);
        Assert.Equal(id, change.Id.Value);
        return change.Op == ChangeOp.Upsert
            ? $"{id} {(change.Position.Kind == PositionKind.Snapshot ? "r" : "u")} {change.Row.Gross} {change.Row.Refunded} {change.Row.Status} {change.Row.CompletedAt}"
            : $"{id} d";
    }
}
