using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Serdes;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>Changes in Avro, in every form that Debezium and the converters give them.</summary>
public class AvroFormTests
{
    const string Decimal = """{"type":"bytes","logicalType":"decimal","precision":20,"scale":4}""";
    const string Values = """ "order_id":7,"merchant_id":8,"buyer_country":"DE","currency":"EUR","status":"COMPLETED" """;

    [Theory]
    [InlineData(Decimal, "\"\\u0001\\u00e2\\u0008\"", "12.3400")]
    [InlineData(Decimal, "\"\\u00ff\"", "-0.0001")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":64,"scale":0}""", "\"\\u007f\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\"", "NaN")]
    [InlineData("""{"type":"fixed","name":"F","size":17,"logicalType":"decimal","precision":20,"scale":2}""", "\"\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00ff\\u00fe\"", "-0.02")]
    [InlineData("\"string\"", "\"12.34\"", "12.34")]
    [InlineData("\"string\"", "\"NaN\"", "NaN")]
    [InlineData("\"long\"", "12", "12")]
    [InlineData("\"int\"", "-12", "-12")]
    [InlineData("""["null",{"type":"record","name":"VariableScaleDecimal","namespace":"io.debezium.data","fields":[{"name":"scale","type":"int"},{"name":"value","type":"bytes"}]}]""", """{"scale":1,"value":"\u000f"}""", "1.5")]
    public void A_decimal_is_read_in_every_form(string type, string value, string expected)
    {
        var change = Read(Envelope(("gross_amount", type), ("completed_at", "\"string\"")), Upsert($$"""{{{Values}},"gross_amount":{{value}},"completed_at":"2026-11-01T00:00:00Z"}"""));

        Assert.Equal(expected, change.Gross);
    }

    [Theory]
    [InlineData("\"string\"", "\"2026-11-01T02:00:00.5+02:00\"")]
    [InlineData("""["null","string"]""", "\"2026-11-01T00:00:00.500000Z\"")]
    [InlineData("""{"type":"long","connect.name":"io.debezium.time.Timestamp"}""", "1793491200500")]
    [InlineData("""["null",{"type":"long","connect.name":"io.debezium.time.MicroTimestamp"}]""", "1793491200500000")]
    [InlineData("""{"type":"long","connect.name":"io.debezium.time.NanoTimestamp"}""", "1793491200500000000")]
    [InlineData("""{"type":"long","logicalType":"timestamp-millis"}""", "1793491200500")]
    public void An_instant_is_read_in_every_form(string type, string value)
    {
        var change = Read(Envelope(("gross_amount", Decimal), ("completed_at", type)), Upsert($$"""{{{Values}},"gross_amount":"\u0001","completed_at":{{value}} }"""));

        Assert.Equal(UtcInstant.Parse("2026-11-01T00:00:00.5Z"), change.CompletedAt);
    }

    [Theory]
    [InlineData("gross_amount", "\"double\"", "1.5", "decimal.handling.mode")]
    [InlineData("gross_amount", "\"bytes\"", "\"\\u0001\"", "decimal.handling.mode")]
    [InlineData("completed_at", "\"long\"", "5", "annotated as a timestamp")]
    [InlineData("completed_at", "\"string\"", "\"2026-11-01\"", "finite instant")]
    [InlineData("completed_at", """["null","string","long"]""", "5", "[null, string, long]")]
    [InlineData("export_refund", "\"string\"", "\"true\"", "expected boolean")]
    [InlineData("carrier_id", "\"string\"", "\"7\"", "expected int or long")]
    public void What_cannot_be_the_column_is_refused_with_its_name(string column, string type, string value, string reason)
    {
        var schema = Envelope([.. new[] { ("gross_amount", Decimal), ("completed_at", "\"string\"") }.Where(own => own.Item1 != column), (column, type)]);
        var row = $$"""{{{Values}},"gross_amount":"\u0001","completed_at":"2026-11-01T00:00:00Z","{{column}}":{{value}} }""";

        var message = Assert.Throws<SerdeException>(() => Read(schema, Upsert(row))).Message;
        Assert.Contains(column, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delete_trusts_only_the_key_and_says_whether_the_row_was_completed()
    {
        var schema = Envelope(("gross_amount", Decimal), ("completed_at", """["null","string"]"""));
        var before = $$"""{{{Values}},"gross_amount":"\u0000","completed_at":WHEN}""";
        var record = """{"before":BEFORE,"after":null,"source":{"lsn":9,"sequence":null,"txId":5,"snapshot":"false","ts_us":2000,"ts_ms":2},"op":"d","ts_ms":3}""";

        var gone = Read(schema, record.Replace("BEFORE", before.Replace("WHEN", "\"1970-01-01T00:00:00Z\"", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal((ChangeOp.Delete, 7L, ChangePosition.Streamed(9), true), (gone.Op, gone.Id, gone.Position, gone.WasCompleted));
        Assert.False(Read(schema, record.Replace("BEFORE", before.Replace("WHEN", "null", StringComparison.Ordinal), StringComparison.Ordinal)).WasCompleted);
        Assert.Throws<SerdeException>(() => Read(schema, record.Replace("BEFORE", "null", StringComparison.Ordinal)));
        Assert.Throws<SerdeException>(() => Read(schema, record.Replace("BEFORE", "null", StringComparison.Ordinal).Replace("\"d\"", "\"u\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_null_refund_is_not_none()
    {
        var schema = Envelope(("gross_amount", Decimal), ("completed_at", "\"string\""), ("refunded_amount", $$"""["null",{{Decimal}}]"""));

        Assert.Throws<SerdeException>(() => Read(schema, Upsert($$"""{{{Values}},"gross_amount":"\u0001","completed_at":"2026-11-01T00:00:00Z","refunded_amount":null}""")));
    }

    [Fact]
    public void A_flattened_row_is_read_with_what_was_added()
    {
        var schema = """
            {"type":"record","name":"Value","fields":[{"name":"order_id","type":"long"},{"name":"merchant_id","type":"long"},{"name":"buyer_country","type":"string"},{"name":"currency","type":"string"},
              {"name":"status","type":{"type":"enum","name":"Status","symbols":["PAID","COMPLETED"]}},{"name":"gross_amount","type":"string"},{"name":"completed_at","type":["null","string"]},
              {"name":"__op","type":["null","string"]},{"name":"__lsn","type":["null","long"]},{"name":"__source_sequence","type":["null","string"]},{"name":"__deleted","type":["null","string"]}]}
            """;
        var row = $$"""{{{Values}},"gross_amount":"1.5","completed_at":null,"__op":"u","__lsn":5,"__source_sequence":"[\"9\",\"5\"]","__deleted":"false"}""";

        var change = Read(schema, row);
        Assert.Equal((ChangeOp.Upsert, 7L, ChangePosition.Streamed(9, 5), "1.5"), (change.Op, change.Id, change.Position, change.Gross));
        Assert.Equal(ChangeOp.Delete, Read(schema, row.Replace("\"u\"", "null", StringComparison.Ordinal).Replace("\"false\"", "\"true\"", StringComparison.Ordinal)).Op);
    }

    [Fact]
    public void Merchants_promoters_and_keys_are_read()
    {
        var merchants = new AvroText("""
            {"type":"record","name":"Envelope","fields":[{"name":"after","type":["null",{"type":"record","name":"Value","fields":[{"name":"merchant_id","type":"int"},{"name":"tier","type":"string"},{"name":"country","type":["null","string"]}]}]},
              {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"lsn","type":["null","long"]}]}},{"name":"op","type":"string"}]}
            """);
        var promoters = new AvroText("""{"type":"record","name":"Value","fields":[{"name":"promoter_id","type":"long"},{"name":"parent_id","type":["null","long"]}]}""");
        var key = new AvroText("""{"type":"record","name":"Key","fields":[{"name":"order_id","type":"int"}]}""");

        var merchant = new MerchantChangeSerde(schemas: merchants).Read(merchants.Record("""{"after":{"merchant_id":5,"tier":"KA","country":"CN"},"source":{"lsn":3},"op":"u"}"""));
        Assert.Equal((5L, "KA", "CN", "UTC"), (merchant.Id.Value, Text(merchant.Row.Tier), Text(merchant.Row.Country), Text(merchant.Row.TimeZone)));
        Assert.Equal(4, new PromoterChangeSerde(schemas: promoters).Read(promoters.Record("""{"promoter_id":6,"parent_id":4}""")).Parent?.Value);
        Assert.Equal(8, new OrderKeySerde(schemas: key).Read(key.Record("""{"order_id":8}""")).Value);
        Assert.Throws<SerdeException>(() => new OrderKeySerde("id", key).Read(key.Record("""{"order_id":8}""")));

        static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);
    }

    [Fact]
    public void Frames_that_are_wrong_and_schemas_that_are_not_there_are_named()
    {
        var record = Golden.Orders(Golden.Avro)[0].Value!;

        Assert.Contains("no schema registry is configured", Problem(new(), record), StringComparison.Ordinal);
        Assert.Contains("no schema 4711", Problem(new(schemas: new GoldenSchemas()), [0, 0, 0, 0x12, 0x67, .. record.AsSpan(5)]), StringComparison.Ordinal);
        Assert.Contains("5", Problem(new(schemas: new GoldenSchemas()), record[..4]), StringComparison.Ordinal);
        for (var length = 5; length < record.Length; length++)
        {
            Assert.Contains("orders", Problem(new(schemas: new GoldenSchemas()), record[..length]), StringComparison.Ordinal);
        }

        static string Problem(OrderChangeSerde serde, byte[] record) => Assert.Throws<SerdeException>(() => { serde.Read(record); }).Message;
    }

    [Fact]
    public void A_schema_is_asked_for_once_and_reading_allocates_nothing()
    {
        var schemas = new AvroText(Envelope(("gross_amount", Decimal), ("completed_at", """["null","string"]"""), ("invoice", """["null","string"]""")));
        var serde = new OrderChangeSerde(schemas: schemas);
        var record = schemas.Record(Upsert($$"""{{{Values}},"gross_amount":"\u0001\u0002\u0003","completed_at":"2026-11-01T00:00:00Z","invoice":"{\"a\": 1.5}"}"""));
        serde.Read(record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            serde.Read(record);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1, schemas.Asked);
    }

    static string Envelope(params (string Name, string Type)[] columns)
    {
        (string Name, string Type)[] always = [("order_id", "\"long\""), ("merchant_id", "\"long\""), ("buyer_country", "\"string\""), ("currency", "\"string\""), ("status", "\"string\"")];
        var fields = string.Join(',', always.Concat(columns).Select(column => $$"""{"name":"{{column.Name}}","type":{{column.Type}} }"""));
        return $$"""
            {"type":"record","name":"Envelope","fields":[{"name":"before","type":["null",{"type":"record","name":"Value","fields":[{{fields}}] }]},{"name":"after","type":["null","Value"]},
              {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"lsn","type":["null","long"]},{"name":"sequence","type":["null","string"]},{"name":"txId","type":["null","long"]},
                {"name":"snapshot","type":["string","null"]},{"name":"ts_us","type":["null","long"]},{"name":"ts_ms","type":"long"}] } },{"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"]}]}
            """;
    }

    static string Upsert(string row) =>
        $$"""{"before":null,"after":{{row}},"source":{"lsn":9,"sequence":"[null,\"9\"]","txId":5,"snapshot":"false","ts_us":2000,"ts_ms":2},"op":"u","ts_ms":3}""";

    static Taken Read(string schema, string json)
    {
        var schemas = new AvroText(schema);
        var change = new OrderChangeSerde(schemas: schemas).Read(schemas.Record(json));
        return new(change.Op, change.Id.Value, change.Position, change.WasCompleted, change.Row.Gross.ToString(), change.Row.CompletedAt);
    }

    sealed record Taken(ChangeOp Op, long Id, ChangePosition Position, bool WasCompleted, string Gross, UtcInstant? CompletedAt);
}
