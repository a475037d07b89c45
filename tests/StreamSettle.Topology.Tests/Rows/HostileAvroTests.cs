using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;
using static StreamSettle.Topology.Tests.Bench.TestBench;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>
/// Whatever schemas and values somebody puts into the registry and the topic: a change is read as what it says, or set aside with the reason, and then its order is not paid. All other orders go on.
/// </summary>
public sealed class HostileAvroTests : IDisposable
{
    const string Money = """{"type":"bytes","logicalType":"decimal","precision":20,"scale":4}""";

    /// <summary>A refund of 19: unscaled 190000.</summary>
    const string Refund = "\"\\u0002\\u00e6\\u0030\"";

    readonly WriterSchemas schemas = new();
    readonly TestBench bench;

    long lsn = 50_000;

    public HostileAvroTests()
    {
        bench = new(new() { Schemas = schemas, Partitions = 1 });

        // One whose refund comes as any other change does, and one without.
        bench.Put(new(44) { Carrier = null, Shipping = "0.0000", Refunded = "19.0000" });
        bench.Put(new(45) { Carrier = null, Shipping = "0.0000" });
    }

    public void Dispose() => bench.Dispose();

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "refunded_amount", "\"double\"", "19", "column refunded_amount is double in the writer's schema" },
        { "refunded_amount", "\"bytes\"", Refund, "column refunded_amount is bytes" },
        { "refunded_amount", """{"type":"bytes","logicalType":"decimal","precision":2,"scale":4}""", Refund, "column refunded_amount is bytes" },
        { "refunded_amount", """{"type":"fixed","name":"D","size":12,"logicalType":"duration"}""", "\"000000000000\"", "column refunded_amount is fixed" },
        { "refunded_amount", $$"""["null",{{Money}},"string"]""", "null", "column refunded_amount is [null, bytes, string]" },
        { "refunded_amount", Many(300), "null", "and 292 more]" },
        { "refunded_amount", "\"null\"", "null", "column refunded_amount is null" },
        { "completed_at", """{"type":"int","logicalType":"date"}""", "20000", "column completed_at is int" },
        { "completed_at", """{"type":"string","logicalType":"timestamp-micros"}""", "\"soon\"", "column completed_at" },
        { "completed_at", """{"type":"long","logicalType":"time-micros"}""", "1", "column completed_at is long" },
        { "status", "\"int\"", "1", "column status is int" },
        { "status", """{"type":"enum","name":"S","symbols":["PAID","COMPLETED"],"default":"PAID"}""", "\"COMPLETED\"\u0000", "at byte" },
        { "merchant", "\"long\"", "437", "column merchant_id is null or missing" },
        { "note", """{"type":"array","items":"null"}""", "[]\u0001", "more records and items" },
        { "note", """{"type":"record","name":"Chain","fields":[{"name":"next","type":["null","Chain"]}]}""", """{"next":null}""" + "\u0002", "nested deeper" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refund_that_cannot_be_read_keeps_its_order_from_being_paid_and_no_other(string column, string type, string value, string reason)
    {
        bench.Put(new(42));
        bench.Put(new(43));
        var id = schemas.Add(Envelope(column, type));
        var body = schemas.Body(id, Change(column, value.TrimEnd('\u0000', '\u0001', '\u0002')));
        Pipe(WriterSchemas.Framed(id, Spoilt(body, value[^1])));

        var letter = Assert.Single(bench.TornLetters(42));
        Assert.Contains(reason, letter.Reason, StringComparison.Ordinal);
        Assert.InRange(letter.Reason.Length, 1, 1_000);
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        Assert.Equal(4, bench.Sent(43).Length);
    }

    [Fact]
    public void Values_and_schemas_that_are_spoilt_as_a_whole_are_set_aside()
    {
        bench.Put(new(42));
        var id = schemas.Add(Envelope("note", "\"string\""));
        var body = schemas.Body(id, Change("note", "\"x\""));
        byte[][] spoilt =
        [
            WriterSchemas.Framed(id, body.AsSpan(1)), WriterSchemas.Framed(id, [.. body, 0]), WriterSchemas.Framed(id, []), WriterSchemas.Framed(id + 1_000, body), [0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 2, 3], [0],
            WriterSchemas.Framed(schemas.Add("\"no.such.Type\""), body), WriterSchemas.Framed(schemas.Add("{"), body), WriterSchemas.Framed(schemas.Add("\"long\""), [2]),
            WriterSchemas.Framed(schemas.Add(string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 50_000)) + "1"), body),
            WriterSchemas.Framed(schemas.Add(Envelope("note", "\"string\"").Replace("""["null","Value"]""", """["null","Value",{"type":"record","name":"Other","fields":[]}]""", StringComparison.Ordinal)), body),
        ];
        foreach (var record in spoilt)
        {
            Pipe(record);
        }

        Assert.Equal(spoilt.Length, bench.TornLetters(42).Count(letter => letter.Reason.Length < 1_000));
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
    }

    [Theory]
    [InlineData(0, "\"\\u0013\"")]
    [InlineData(2, "\"\\u0007\\u006c\"")]
    [InlineData(4, Refund)]
    [InlineData(9, "\"\\u0004\\u006c\\u007c\\u00fe\\u0000\"")]
    public void The_amount_is_by_the_scale_of_its_own_schema_however_often_that_changes(int scale, string value)
    {
        bench.Put(new(42));
        var before = schemas.Add(Envelope("refunded_amount", Money));
        var after = schemas.Add(Envelope("refunded_amount", Money.Replace("\"scale\":4", $"\"scale\":{scale}", StringComparison.Ordinal)));
        Pipe(WriterSchemas.Framed(before, schemas.Body(before, Change("refunded_amount", "\"\\u0000\""))));
        Pipe(WriterSchemas.Framed(after, schemas.Body(after, Change("refunded_amount", value))));

        Assert.Empty(bench.DeadLetters());
        AssertRefunded();
    }

    [Fact]
    public void Columns_between_and_aliases_that_cross_change_nothing()
    {
        bench.Put(new(42));
        var more = string.Concat(Enumerable.Range(0, 2_000).Select(i => $$"""{"name":"c{{i}}","type":["null",{"type":"map","values":"string"}],"default":null},"""));
        var schema = Envelope("refunded_amount", Money)
            .Replace("""{"name":"merchant_id","type":"long"}""", more + """{"name":"merchant_id","type":"long","aliases":["promoter_id","gross_amount"]}""", StringComparison.Ordinal)
            .Replace("""{"name":"gross_amount",""", """{"name":"gross_amount","aliases":["refunded_amount"],""", StringComparison.Ordinal);
        var id = schemas.Add(schema);
        var row = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"\"c{i}\":null,"));
        Pipe(WriterSchemas.Framed(id, schemas.Body(id, Change("refunded_amount", Refund).Replace("\"order_id\"", row + "\"order_id\"", StringComparison.Ordinal))));

        Assert.Empty(bench.DeadLetters());
        AssertRefunded();
    }

    [Fact]
    public void A_schema_in_a_header_counts_for_key_and_value_and_in_a_replay()
    {
        bench.Put(new(42));
        var (key, good) = (schemas.Add("""{"type":"record","name":"Key","fields":[{"name":"order_id","type":"long"}]}"""), schemas.Add(Envelope("refunded_amount", Money)));
        var bad = schemas.Add(Envelope("refunded_amount", "\"double\""));
        var keyBytes = schemas.Body(key, """{"order_id":42}""");
        Pipe(schemas.Body(bad, Change("refunded_amount", "19")), keyBytes, Headers.Encode(("__key_schema_id", Frame(key)), ("__value_schema_id", Frame(bad))));

        bench.OperateRecord(Assert.Single(bench.TornLetters(42)), replay: true);
        Assert.Contains("double", Assert.Single(bench.TornLetters(42)).Reason, StringComparison.Ordinal);

        Pipe(schemas.Body(good, Change("refunded_amount", Refund)), keyBytes, Headers.Encode(("__key_schema_id", Frame(key)), ("__value_schema_id", Frame(good))));
        AssertRefunded();
    }

    /// <summary>It is settled like the one that had the same refund otherwise.</summary>
    void AssertRefunded()
    {
        bench.PassMark();
        Assert.Equal(bench.Body("44:split:0").Replace("\"orderId\":44", "\"orderId\":42", StringComparison.Ordinal), bench.Body("42:split:0"));
        Assert.NotEqual(bench.Body("45:split:0").Replace("\"orderId\":45", "\"orderId\":42", StringComparison.Ordinal), bench.Body("42:split:0"));
    }

    void Pipe(byte[] value, byte[]? key = null, byte[]? headers = null) => bench.Driver.Pipe(Topics.Orders(Prefix), key ?? KeyOf(42), value, bench.Now.Microseconds / 1000, headers);

    static byte[] Frame(int id) => [1, .. WriterSchemas.GuidOf(id).ToByteArray(bigEndian: true)];

    /// <summary>By the mark behind a case's value: a symbol that is none, items of no bytes without an end, a chain that is too long.</summary>
    static byte[] Spoilt(byte[] body, char mark)
    {
        // Of the last column, behind which source, op and ts_ms stand.
        var at = body.AsSpan().LastIndexOf("UR"u8) + 2;
        return mark switch
        {
            '\0' => [.. body[..at], 0x7E, .. body[(at + 1)..]],
            '\u0001' => [.. body[..at], 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0, .. body[(at + 1)..]],
            '\u0002' => [.. body[..at], .. Enumerable.Repeat((byte)2, 100_000), 0, .. body[(at + 1)..]],
            _ => body,
        };
    }

    static string Many(int branches) => $"[\"null\",{string.Join(',', Enumerable.Range(1, branches - 1).Select(i => $$"""{"type":"fixed","name":"F{{i}}","size":{{i}},"logicalType":"decimal","precision":2,"scale":1}"""))}]";

    /// <summary>Debezium's, with one column in the form that is tried.</summary>
    static string Envelope(string column, string type)
    {
        (string Name, string Type)[] usual =
        [
            ("order_id", "\"long\""), ("merchant_id", "\"long\""), ("promoter_id", """["null","long"]"""), ("buyer_country", "\"string\""), ("gross_amount", "\"string\""), ("status", "\"string\""),
            ("completed_at", "\"string\""), ("currency", "\"string\""),
        ];
        var renamed = column == "merchant" ? "merchant_id" : column;
        var fields = string.Join(',', usual.Where(own => own.Name != renamed).Append((Name: column, Type: type)).Select(own => $$"""{"name":"{{own.Name}}","type":{{own.Type}} }"""));
        return $$"""
            {"type":"record","name":"Envelope","fields":[{"name":"before","type":["null",{"type":"record","name":"Value","fields":[{{fields}}]}]},{"name":"after","type":["null","Value"]},
              {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"lsn","type":"long"},{"name":"ts_us","type":"long"}]} },{"name":"op","type":"string"}]}
            """;
    }

    string Change(string column, string value)
    {
        var row = $$"""{"order_id":42,"merchant_id":437,"promoter_id":9001,"buyer_country":"DE","gross_amount":"119.0000","status":"COMPLETED","completed_at":"{{Start}}","currency":"EUR","{{column}}":{{value}} }""";
        return $$"""{"before":null,"after":{{row}},"source":{"lsn":{{++lsn}},"ts_us":{{bench.Now.Microseconds + lsn}} },"op":"u"}""";
    }
}
