using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Records;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

public class GoldenTests
{
    [Theory]
    [InlineData("schemad.jsonl")]
    [InlineData("avro.jsonl")]
    public void With_and_without_schema_and_in_Avro_the_captured_orders_are_the_same_changes(string file)
    {
        var plain = Decode("plain.jsonl");

        Assert.Equal(18, plain.Count);
        // Each connector took its own snapshot, so its first three rows stand at another position.
        Assert.Equal(plain.Skip(3), Decode(file).Skip(3));
        Assert.Equal(DecodeRows("plain.jsonl"), DecodeRows(file));
    }

    [Fact]
    public void Flattened_changes_after_its_own_snapshot_are_the_same_changes()
    {
        // The flattened capture carries milliseconds only and began with a snapshot after order 7.
        var plain = DecodeRows("plain.jsonl").Where(line => line.Contains(" 8 streamed", StringComparison.Ordinal));
        var flat = DecodeRows("flat.jsonl");

        Assert.Equal(8, flat.Count);
        Assert.Equal(plain, flat.Where(line => line.Contains(" streamed ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_flattened_snapshot_row_is_the_last_state_that_the_envelopes_told()
    {
        var last = new Dictionary<string, string>();
        foreach (var line in DecodeRows("plain.jsonl").Where(line => line.StartsWith("Upsert", StringComparison.Ordinal)))
        {
            last[line.Split(' ')[1]] = line[line.IndexOf(' ', 9)..].Split(' ', 3)[2];
        }

        foreach (var line in DecodeRows("flat.jsonl").Where(line => line.Contains(" snapshot ", StringComparison.Ordinal)))
        {
            var expected = last[line.Split(' ')[1]];
            Assert.Equal(expected, line[line.IndexOf(' ', 9)..].Split(' ', 3)[2]);
        }
    }

    [Fact]
    public void The_first_captured_change_decodes_to_this()
    {
        var serde = new OrderChangeSerde(schemas: new GoldenSchemas());
        var change = serde.Read(Golden.Orders("plain.jsonl")[0].Value);

        Assert.Equal(
            "Upsert 1 26744792s 2026-11-23T22:44:20.381293Z 1 501 9001  US False: USD 120.00 5.00 0.00 Completed False 2026-11-01T00:00:00Z "
            + "{\"taxNo\": \"12-3456789\", \"title\": \"Acme LLC\"}",
            OrderText.Of(change));
    }

    [Theory]
    [InlineData("plain.jsonl")]
    [InlineData("schemad.jsonl")]
    [InlineData("flat.jsonl")]
    [InlineData("avro.jsonl")]
    public void Every_captured_change_of_an_order_is_news_after_the_one_before(string file)
    {
        var (serde, last) = (new OrderChangeSerde(schemas: new GoldenSchemas()), new Dictionary<OrderId, ChangePosition>());
        foreach (var record in Golden.Orders(file).Where(record => record.Value is not null))
        {
            var change = serde.Read(record.Value);
            var before = last.GetValueOrDefault(change.Id);
            Assert.True(change.Position.IsAfter(before), $"{change.Id} at {change.Position} after {before}");
            last[change.Id] = change.Position.Over(before);
            Assert.False(change.Position.IsAfter(last[change.Id]));
        }
    }

    [Fact]
    public void Captured_positions_have_the_commit_before_and_their_own_place()
    {
        var serde = new OrderChangeSerde(schemas: new GoldenSchemas());
        var orders = Golden.Orders("plain.jsonl").Where(record => record.Value is not null).ToList();

        Assert.Equal(ChangePosition.Snapshot(26_744_792), serde.Read(orders[0].Value).Position);
        Assert.Equal(ChangePosition.Streamed(26_745_624), serde.Read(orders[3].Value).Position);
        Assert.Equal(ChangePosition.Streamed(26_746_680, 26_747_080), serde.Read(orders[8].Value).Position);
    }

    [Fact]
    public void A_changed_key_names_its_other_half_in_the_headers()
    {
        var keys = new OrderKeySerde(schemas: new GoldenSchemas());
        foreach (var file in new[] { "plain.jsonl", "schemad.jsonl", "avro.jsonl" })
        {
            var gone = Assert.Single(Golden.Orders(file), record => record.Value is not null && record.Headers.ContainsKey("__debezium.newkey"));
            var made = Assert.Single(Golden.Orders(file), record => record.Headers.ContainsKey("__debezium.oldkey"));

            Assert.True(KeyChange.TryNewKey(new Headers(Encode(gone)), keys, out var newKey));
            Assert.True(KeyChange.TryOldKey(new Headers(Encode(made)), keys, out var oldKey));
            Assert.False(KeyChange.TryOldKey(new Headers(Encode(gone)), keys, out _));
            Assert.Equal((new OrderId(4), new OrderId(40)), (oldKey, newKey));
            Assert.Equal(new OrderId(4), keys.Read(gone.Key));
            Assert.Equal(new OrderId(40), keys.Read(made.Key));
        }
    }

    [Fact]
    public void A_message_is_no_change_of_a_row_and_a_truncate_sweeps_those_before_it()
    {
        var serde = new OrderChangeSerde(schemas: new GoldenSchemas());
        foreach (var file in new[] { "plain.jsonl", "schemad.jsonl", "avro.jsonl" })
        {
            Assert.Equal(ChangeOp.None, serde.Read(Golden.Of(file, ".message")[0].Value).Op);
        }

        var truncate = Assert.Single(Golden.Of("plain.jsonl", ".order_items"), record => Encoding.UTF8.GetString(record.Value!).Contains("\"op\":\"t\"", StringComparison.Ordinal));
        var swept = serde.Read(truncate.Value);
        Assert.Equal((ChangeOp.Sweep, ChangePosition.Streamed(26_753_592, 26_755_040)), (swept.Op, swept.Position));
    }

    static List<string> Decode(string file)
    {
        var serde = new OrderChangeSerde(schemas: new GoldenSchemas());
        return [.. Golden.Orders(file).Where(record => record.Value is not null).Select(record => OrderText.Of(serde.Read(record.Value)))];
    }

    static List<string> DecodeRows(string file)
    {
        var serde = new OrderChangeSerde(schemas: new GoldenSchemas());
        return [.. Golden.Orders(file).Where(record => record.Value is not null).Select(record => OrderText.WithoutPosition(serde.Read(record.Value)))];
    }

    static byte[] Encode(GoldenRecord record) =>
        Headers.Encode([.. record.Headers.Select(header => (header.Key, (byte[]?)Encoding.UTF8.GetBytes(header.Value)))]);
}
