using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Streams.Serdes;
using Xunit;

namespace StreamSettle.Connectors.Tests.Debezium;

public class FormTests
{
    const string Row = """
        "order_id":7,"merchant_id":8,"promoter_id":null,"carrier_id":9,"buyer_country":"DE","category":"b\u00fccher","currency":"EUR","gross_amount":"12.3400","shipping_amount":"0","refunded_amount":"0","status":"SHIPPED","export_refund":true,"completed_at":"2026-11-01T00:00:00.5+02:00","invoice":"{\"a\": 1.50}"
        """;

    readonly OrderChangeSerde serde = new();

    [Theory]
    [InlineData("\"12.34\"", "12.34")]
    [InlineData("12.34", "12.34")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("1.2E7", "12000000")]
    [InlineData("1E-7", "0.0000001")]
    [InlineData("\"NaN\"", "NaN")]
    [InlineData("\"NAN\"", "NaN")]
    [InlineData("\"POSITIVE_INFINITY\"", "NaN")]
    [InlineData("""{"scale":1,"value":"Dw=="}""", "1.5")]
    [InlineData("""{"value":"/w==","scale":2}""", "-0.01")]
    [InlineData("""{"scale":-2,"value":"Dw=="}""", "1500")]
    [InlineData("\"123456789012345678901234567890123456789\"", "NaN")]
    [InlineData("1E400", "NaN")]
    [InlineData("""{"scale":0,"value":"AP//////////////////////"}""", "NaN")]
    public void A_decimal_is_read_in_every_form(string json, string expected)
    {
        var change = serde.Read(Envelope("c", Row.Replace("\"12.3400\"", json, StringComparison.Ordinal)));

        Assert.Equal(expected, change.Row.Gross.ToString());
    }

    [Fact]
    public void Escaped_text_and_offsets_and_json_come_out_as_the_source_has_them()
    {
        var row = serde.Read(Envelope("u", Row)).Row;

        Assert.Equal("bücher", Encoding.UTF8.GetString(row.Category));
        Assert.Equal("{\"a\": 1.50}", Encoding.UTF8.GetString(row.Invoice));
        Assert.Equal(UtcInstant.Parse("2026-10-31T22:00:00.5Z"), row.CompletedAt);
        Assert.Equal((9L, true, OrderStatus.Shipped), (row.CarrierId, row.ExportRefund, row.Status));
    }

    [Theory]
    [InlineData("""{"order_id":7,"completed_at":"2026-11-01T00:00:00Z"}""", true)]
    [InlineData("""{"order_id":7,"completed_at" : 1793491200000000}""", true)]
    [InlineData("""{"order_id":7,"completed_at":null}""", false)]
    [InlineData("""{"note":"\"completed_at\":1","kind":"completed_at","completed_at":null}""", false)]
    [InlineData("""{"note":"\"completed_at\":null","completed_at":1}""", true)]
    [InlineData("""{"order_id":7}""", false)]
    [InlineData("""{"note":"\"","completed\u005fat":1}""", true)]
    [InlineData("""{"note":"\"","completed\u005fat":null}""", false)]
    [InlineData("null", false)]
    public void It_shows_whether_the_row_had_a_completion_before(string before, bool expected)
    {
        var update = Encoding.UTF8.GetString(Envelope("u", Row)).Replace("{\"before\":null", "{\"before\":" + before, StringComparison.Ordinal);
        Assert.Contains(before, update, StringComparison.Ordinal);
        Assert.Equal(expected, serde.Read(Encoding.UTF8.GetBytes(update)).WasCompleted);
        Assert.False(serde.Read(Envelope("c", Row)).WasCompleted);
    }

    [Theory]
    [InlineData("r", "\"first\"", "5", "[null,\\\"5\\\"]", PositionKind.Snapshot, 5, 5)]
    [InlineData("r", "\"last_in_data_collection\"", "5", "[\\\"3\\\",\\\"5\\\"]", PositionKind.Snapshot, 5, 5)]
    [InlineData("r", "true", "5", null, PositionKind.Snapshot, 5, 5)]
    [InlineData("c", "\"false\"", "5", null, PositionKind.CommitUnknown, 5, 5)]
    [InlineData("c", "\"false\"", "5", "[null, \\\"5\\\"]", PositionKind.CommitUnknown, 5, 5)]
    [InlineData("c", "\"false\"", "5", "[\\\"9\\\",\\\"5\\\"]", PositionKind.Streamed, 9, 5)]
    [InlineData("u", "null", "5", "[\\\"3\\\",\\\"5\\\"]", PositionKind.Streamed, 5, 5)]
    [InlineData("u", "null", "null", "[\\\"3\\\",\\\"5\\\"]", PositionKind.Streamed, 5, 5)]
    [InlineData("r", "\"incremental\"", "null", "[null,null]", PositionKind.None, 0, 0)]
    public void The_position_is_the_commit_and_the_place_as_far_as_they_are_told(
        string op, string snapshot, string lsn, string? sequence, PositionKind kind, long commit, long own)
    {
        var source = $$"""{"snapshot":{{snapshot}},"sequence":{{(sequence is null ? "null" : $"\"{sequence}\"")}},"lsn":{{lsn}}}""";
        var position = serde.Read(Encoding.UTF8.GetBytes($$"""{"after":{{{Row}}},"source":{{source}},"op":"{{op}}"}""")).Position;

        Assert.Equal((kind, commit, own), (position.Kind, position.Commit, position.Lsn));
    }

    [Theory]
    [InlineData("\"5\"")]
    [InlineData("5")]
    [InlineData("\"[]\"")]
    [InlineData("\"[\\\"3\\\"]\"")]
    [InlineData("\"[\\\"3\\\",\\\"x\\\"]\"")]
    [InlineData("\"[\\\"-3\\\",\\\"5\\\"]\"")]
    [InlineData("\"[1,99999999999999999999]\"")]
    [InlineData("{}")]
    public void A_sequence_of_another_form_makes_the_change_unreadable(string sequence) =>
        Assert.Throws<SerdeException>(() => serde.Read(Encoding.UTF8.GetBytes($$"""{"after":{{{Row}}},"source":{"lsn":5,"sequence":{{sequence}}},"op":"c"}""")));

    [Fact]
    public void A_truncate_without_a_position_is_unreadable() =>
        Assert.Throws<SerdeException>(() => serde.Read("""{"before":null,"after":null,"op":"t"}"""u8));

    [Fact]
    public void A_flattened_change_has_the_commit_where_the_connector_adds_its_sequence()
    {
        Assert.Equal(ChangePosition.Streamed(9, 5), Flat(",\"__source_sequence\":\"[\\\"9\\\",\\\"5\\\"]\""));
        Assert.Equal(ChangePosition.Streamed(5), Flat(""));

        ChangePosition Flat(string more) => serde.Read(Encoding.UTF8.GetBytes($$"""{"order_id":3,"__deleted":"true","__op":"d","__lsn":5{{more}}}""")).Position;
    }

    [Theory]
    [InlineData("""{"after":{"order_id":3},"source":{"lsn":5,"ts_us":7,"txId":561},"op":"d","before":{"order_id":3}}""", 561)]
    [InlineData("""{"after":{"order_id":3},"source":{"lsn":5,"ts_us":7,"txId":null},"op":"d","before":{"order_id":3}}""", 0)]
    [InlineData("""{"order_id":3,"__deleted":"true","__op":"d","__lsn":5,"__source_ts_us":7,"__source_txId":561}""", 561)]
    [InlineData("""{"order_id":3,"__deleted":"true","__op":"d","__lsn":5,"__source_ts_us":7,"__txId":561}""", 561)]
    [InlineData("""{"order_id":3,"__deleted":"true","__op":"d","__lsn":5,"__source_ts_us":7}""", 0)]
    public void A_change_names_its_transaction_as_far_as_the_connector_does(string json, long txId) =>
        Assert.Equal(new SourceTransaction(new(7), txId), serde.Read(Encoding.UTF8.GetBytes(json)).Transaction);

    [Fact]
    public void A_delete_trusts_only_the_key()
    {
        var change = serde.Read("""{"before":{"order_id":3,"merchant_id":"filler","invoice":"__debezium_unavailable_value"},"after":null,"source":{"lsn":9,"ts_ms":2},"op":"d"}"""u8);

        Assert.Equal((ChangeOp.Delete, new OrderId(3), ChangePosition.Streamed(9), new UtcInstant(2000)), (change.Op, change.Id, change.Position, change.CommittedAt));
    }

    [Theory]
    [InlineData("""{"order_id":3,"__deleted":"true"}""", ChangeOp.Delete)]
    [InlineData("""{"order_id":3,"__deleted":"true","__op":"d","__lsn":4}""", ChangeOp.Delete)]
    [InlineData("""{"schema":null,"payload":null}""", ChangeOp.None)]
    [InlineData("""{"op":"m","ts_ms":1,"source":{},"message":{"prefix":"p","content":"eA=="}}""", ChangeOp.None)]
    [InlineData("""{"before":null,"after":null,"source":{"lsn":5},"op":"t"}""", ChangeOp.Sweep)]
    public void Deletes_and_nothings_of_other_forms(string json, ChangeOp op) => Assert.Equal(op, serde.Read(Encoding.UTF8.GetBytes(json)).Op);

    [Fact]
    public void A_schema_is_taken_anew_when_it_changes_and_whole_number_times_follow_it()
    {
        for (var scale = 0; scale < 20; scale++)
        {
            var row = serde.Read(Wrapped(scale)).Row;
            Assert.Equal(new DecimalAmount(15, (byte)scale), row.Gross);
            Assert.Equal(new UtcInstant(1_500_000), row.CompletedAt);
        }
    }

    [Fact]
    public void An_order_written_reads_back_the_same()
    {
        var expected = OrderText.Of(serde.Read(Envelope("u", Row)));
        var written = new ByteBuffer();
        serde.Write(new OrderChangeSerde().Read(Envelope("u", Row)), new ByteWriter(written));

        Assert.Equal(expected, OrderText.Of(serde.Read(written.Written)));
    }

    [Fact]
    public void Merchants_and_promoters_written_read_back_the_same()
    {
        var bytes = new ByteBuffer();
        var merchants = new MerchantChangeSerde();
        merchants.Write(
            new MerchantChange
            {
                Op = ChangeOp.Upsert, Id = new(5), Position = ChangePosition.Snapshot(7),
                Row = new MerchantRow { Id = new(5), Tier = "KA"u8, Country = "CN"u8, TimeZone = "Asia/Shanghai"u8 },
            },
            new ByteWriter(bytes));
        var merchant = merchants.Read(bytes.Written);
        Assert.Equal((ChangeOp.Upsert, new MerchantId(5), ChangePosition.Snapshot(7)), (merchant.Op, merchant.Id, merchant.Position));
        Assert.Equal("KA CN Asia/Shanghai", $"{Encoding.UTF8.GetString(merchant.Row.Tier)} {Encoding.UTF8.GetString(merchant.Row.Country)} {Encoding.UTF8.GetString(merchant.Row.TimeZone)}");

        var promoters = new PromoterChangeSerde();
        foreach (var expected in new PromoterChange[] { new(ChangeOp.Upsert, new(1), ChangePosition.Streamed(7), new(2)), new(ChangeOp.Upsert, new(1), ChangePosition.Streamed(7), null), new(ChangeOp.Delete, new(1), ChangePosition.Streamed(9, 8), null), new(ChangeOp.Sweep, default, ChangePosition.Snapshot(9), null) })
        {
            bytes.Clear();
            promoters.Write(expected, new ByteWriter(bytes));
            Assert.Equal(expected, promoters.Read(bytes.Written));
        }
    }

    [Fact]
    public void A_shop_with_other_column_names_is_read_by_those()
    {
        var mapped = new OrderChangeSerde(new OrderColumns { OrderId = "id", GrossAmount = "total" });
        var change = mapped.Read(Envelope("c", Row.Replace("order_id", "id", StringComparison.Ordinal).Replace("gross_amount", "total", StringComparison.Ordinal)));

        Assert.Equal((new OrderId(7), "12.3400"), (change.Id, change.Row.Gross.ToString()));
        Assert.Equal(new OrderId(7), new OrderKeySerde("id").Read("""{"id":7}"""u8));
    }

    [Fact]
    public void Names_are_read_by_value_whatever_of_them_is_escaped()
    {
        var mapped = new OrderChangeSerde(new OrderColumns { OrderId = "the \"id\"", RefundedAmount = "zur\u00fcck" });
        var row = Row.Replace("order_id", "the \\\"id\\\"", StringComparison.Ordinal).Replace("\"refunded_amount\":\"0\"", "\"zur\\u00fcck\":\"3.5\"", StringComparison.Ordinal).Replace("gross_amount", "gross\\u005famount", StringComparison.Ordinal);
        var envelope = Encoding.UTF8.GetString(Envelope("u", row)).Replace("\"lsn\"", "\"\\u006csn\"", StringComparison.Ordinal).Replace("\"op\"", "\"o\\u0070\"", StringComparison.Ordinal);
        foreach (var record in (string[])[envelope, $$"""{{{row}},"__lsn":5}"""])
        {
            var change = mapped.Read(Encoding.UTF8.GetBytes(record));
            Assert.Equal((7L, "12.3400", "3.5", 5L), (change.Id.Value, change.Row.Gross.ToString(), change.Row.Refunded.ToString(), change.Position.Lsn));
        }

        Assert.Equal(new OrderId(7), new OrderKeySerde("the \"id\"").Read("""{"payload":{"the \"\u0069d\"":7}}"""u8));
    }

    [Fact]
    public void A_payload_may_stand_before_its_schema()
    {
        foreach (var record in Golden.Orders("schemad.jsonl").Where(record => record.Value is not null))
        {
            using var document = System.Text.Json.JsonDocument.Parse(record.Value);
            var turned = Encoding.UTF8.GetBytes($$"""{ "payload": {{document.RootElement.GetProperty("payload").GetRawText()}}, "schema": {{document.RootElement.GetProperty("schema").GetRawText()}} }""");

            Assert.Equal(OrderText.Of(serde.Read(record.Value)), OrderText.Of(serde.Read(turned)));
            Assert.Equal(OrderText.Of(new OrderChangeSerde().Read(record.Value)), OrderText.Of(new OrderChangeSerde().Read(turned)));
            Assert.Throws<SerdeException>(() => { serde.Read([.. turned, (byte)'1']); });
            Assert.Throws<SerdeException>(() => { serde.Read([.. turned[..^1], .. ",\"more\":1}"u8]); });
        }

        Assert.Equal(ChangeOp.None, serde.Read("""{"payload":null,"schema":null}"""u8).Op);
        Assert.Throws<SerdeException>(() => { serde.Read("""{"payload":{},"schema":5}"""u8); });
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        foreach (var record in Golden.Orders("plain.jsonl").Concat(Golden.Orders("schemad.jsonl")).Concat(Golden.Orders("flat.jsonl")).Where(record => record.Value is not null))
        {
            serde.Read(record.Value);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                serde.Read(record.Value);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    static byte[] Envelope(string op, string row) =>
        Encoding.UTF8.GetBytes($$"""{"before":null,"after":{{{row}}},"source":{"snapshot":"false","lsn":5,"ts_us":77},"transaction":null,"op":"{{op}}","ts_ms":1}""");

    static byte[] Wrapped(int scale)
    {
        var row = Row.Replace("\"12.3400\"", "\"Dw==\"", StringComparison.Ordinal).Replace("\"2026-11-01T00:00:00.5+02:00\"", "1500", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes($$"""
            {"schema":{"type":"struct","fields":[{"field":"after","type":"struct","fields":[
              {"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"{{scale}}"},"field":"gross_amount"},
              {"type":"int64","name":"io.debezium.time.Timestamp","field":"completed_at"}]}]},
             "payload":{"before":null,"after":{{{row}}},"source":{"lsn":1},"op":"c"} }
            """);
    }
}
