using Confluent.Kafka;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Schemas.Changes;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>What the real Debezium writes by our connectors is read as what happened, in each form.</summary>
[Collection(ConnectTests.Name)]
public sealed class FormsTests(SourceServer server, ConnectWorker worker)
{
    /// <summary>A row of the snapshot, two inserts and an update, two deletes with their tombstones.</summary>
    const int Expected = 8;

    const string Completed = "0.0001 0.0001 Completed 2026-11-05T10:00:00.123456Z";

    static readonly (string, string)[] Flattened =
    [
        ("transforms", "unwrap"), ("transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState"), ("transforms.unwrap.add.fields", "op,table,lsn,source.ts_ms,source.sequence"),
        ("transforms.unwrap.delete.tombstone.handling.mode", "rewrite-with-tombstone"),
    ];

    [Theory]
    [InlineData(SourceFormat.Json, false)]
    [InlineData(SourceFormat.JsonWithSchema, false)]
    [InlineData(SourceFormat.Json, true)]
    public async Task A_snapshot_inserts_updates_deletes_and_a_changed_key_are_read_to_the_last_digit(SourceFormat format, bool flattened)
    {
        await using var shop = await Shop.OpenAsync(server, worker, format);
        await shop.OrderAsync(1, "9999999999999999.9999");
        await shop.ApplyAsync(flattened ? Flattened : []);
        await Eventually.HoldsAsync(() => shop.Orders().Count == 1, () => "the snapshot's row has not come");
        await shop.OrderAsync(2, "0.0001");
        await shop.Database.ExecuteAsync("update orders set refunded_amount = 0.0001, status = 'COMPLETED', completed_at = '2026-11-05 10:00:00.123456+00' where order_id = 2");
        await shop.Database.ExecuteAsync("delete from orders where order_id = 1");
        await shop.Database.ExecuteAsync("update orders set order_id = 3 where order_id = 2");
        await Eventually.HoldsAsync(() => shop.Orders().Count >= Expected, () => $"{shop.Orders().Count} of {Expected} records");

        var told = shop.Orders().Select(record => Read(record)).ToList();
        Assert.Equal(["r 9999999999999999.9999 0.0000 Paid ", "d", "-"], Told(told, 1));
        Assert.Equal(["u 0.0001 0.0000 Paid ", $"u {Completed}", "d", "-"], Told(told, 2));
        Assert.Equal([$"u {Completed}"], Told(told, 3));
        Assert.True(told.Where(change => change.Id == 2).ElementAt(1).Position.IsAfter(told.First(change => change.Id == 2).Position));
        var moved = shop.Orders().Single(record => new OrderKeySerde().Read(record.Key).Value == 3);
        Assert.Equal(2, new OrderKeySerde().Read(moved.Headers.GetLastBytes("__debezium.oldkey")).Value);
    }

    static IEnumerable<string> Told(IEnumerable<(long Id, ChangePosition Position, string Text)> changes, long id) => changes.Where(change => change.Id == id).Select(change => change.Text);

    static (long Id, ChangePosition Position, string Text) Read(Message<byte[]?, byte[]?> record)
    {
        var id = new OrderKeySerde().Read(record.Key).Value;
        if (record.Value is null)
        {
            return (id, default, "-");
        }

        var change = new OrderChangeSerde().Read(record.Value);
        Assert.Equal(id, change.Id.Value);
        if (change.Op != ChangeOp.Upsert)
        {
            return (id, change.Position, change.Op == ChangeOp.Delete ? "d" : change.Op.ToString());
        }

        var kind = change.Position.Kind == PositionKind.Snapshot ? "r" : "u";
        var row = change.Row;
        return (id, change.Position, $"{kind} {row.Gross} {row.Refunded} {row.Status} {row.CompletedAt}");
    }
}
