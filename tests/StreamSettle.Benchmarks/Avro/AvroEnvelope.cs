using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Benchmarks.Avro;

/// <summary>An order's insert as Debezium and Confluent's converter write it: 257 bytes, frame and all.</summary>
sealed class AvroEnvelope : IWriterSchemas
{
    public const int SchemaId = 42;

    /// <summary>What an envelope weighs with a short note.</summary>
    public const int RecordBytes = 257;

    const string Text = """{"type":"string","connect.version":1,"connect.name":"io.debezium.time.ZonedTimestamp"}""";
    const string Money = """{"type":"bytes","scale":4,"precision":20,"connect.version":1,"connect.parameters":{"scale":"4","connect.decimal.precision":"20"},"connect.name":"org.apache.kafka.connect.data.Decimal","logicalType":"decimal"}""";

    /// <summary>The schema's text, as the registry has it.</summary>
    public const string Schema = $$"""
        {"type":"record","name":"Envelope","namespace":"shop.public.orders","fields":[
          {"name":"before","type":["null",{"type":"record","name":"Value","fields":[
            {"name":"order_id","type":"long"},{"name":"merchant_id","type":"long"},{"name":"promoter_id","type":["null","long"],"default":null},{"name":"carrier_id","type":["null","long"],"default":null},
            {"name":"buyer_country","type":"string"},{"name":"category","type":["null","string"],"default":null},{"name":"currency","type":"string"},
            {"name":"gross_amount","type":{{Money}} },{"name":"shipping_amount","type":{{Money}} },{"name":"refunded_amount","type":{{Money}} },
            {"name":"status","type":"string"},{"name":"export_refund","type":"boolean"},{"name":"completed_at","type":["null",{{Text}}],"default":null},
            {"name":"invoice","type":["null","string"],"default":null},{"name":"note","type":["null","string"],"default":null},{"name":"updated_at","type":{{Text}} }]}],"default":null},
          {"name":"after","type":["null","Value"],"default":null},
          {"name":"source","type":{"type":"record","name":"Source","namespace":"io.debezium.connector.postgresql","fields":[
            {"name":"version","type":"string"},{"name":"connector","type":"string"},{"name":"name","type":"string"},{"name":"ts_ms","type":"long"},{"name":"snapshot","type":["string","null"],"default":"false"},
            {"name":"db","type":"string"},{"name":"sequence","type":["null","string"],"default":null},{"name":"ts_us","type":["null","long"],"default":null},{"name":"ts_ns","type":["null","long"],"default":null},
            {"name":"schema","type":"string"},{"name":"table","type":"string"},{"name":"txId","type":["null","long"],"default":null},{"name":"lsn","type":["null","long"],"default":null},
            {"name":"xmin","type":["null","long"],"default":null},{"name":"origin","type":["null","string"],"default":null},{"name":"origin_lsn","type":["null","long"],"default":null}]} },
          {"name":"transaction","type":["null",{"type":"record","name":"block","namespace":"event","fields":[{"name":"id","type":"string"},{"name":"total_order","type":"long"},{"name":"data_collection_order","type":"long"}]}],"default":null},
          {"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"],"default":null},{"name":"ts_us","type":["null","long"],"default":null},{"name":"ts_ns","type":["null","long"],"default":null}]}
        """;

    readonly AvroSchema parsed = AvroSchema.Parse(Schema);

    public AvroSchema? Find(SchemaName name) => name == SchemaId ? parsed : null;

    /// <summary>A record of an order that was completed, of 123.45.</summary>
    public static byte[] Record(int orderId)
    {
        var bare = Write(orderId, "");
        return Write(orderId, new string('n', Math.Max(0, RecordBytes - bare.Length)));
    }

    static byte[] Write(int orderId, string note)
    {
        var record = new ByteBuffer();
        WireFormat.Write(SchemaId, record);
        var to = new AvroEncoder(record);
        to.Long(0);
        to.Long(1);
        Row(to, orderId, note);
        Source(to);
        to.Long(0);
        to.Bytes("c"u8);
        Present(to, 1_795_473_888_457);
        Present(to, 1_795_473_888_457_742);
        Present(to, 1_795_473_888_457_742_906);
        return record.Written.ToArray();
    }

    static void Row(AvroEncoder to, int orderId, string note)
    {
        to.Long(orderId);
        to.Long(501);
        Present(to, 9001);
        to.Long(0);
        to.Bytes("US"u8);
        Present(to, "books"u8);
        to.Bytes("USD"u8);
        to.Bytes([0x12, 0xD6, 0x44]);
        to.Bytes([0x00, 0xC3, 0x50]);
        to.Bytes([0x00]);
        to.Bytes("COMPLETED"u8);
        to.Boolean(false);
        Present(to, "2026-11-01T00:00:00.000000Z"u8);
        to.Long(0);
        Present(to, Encoding.UTF8.GetBytes(note));
        to.Bytes("2026-11-01T00:00:01.000000Z"u8);
    }

    static void Source(AvroEncoder to)
    {
        to.Bytes("3.7.0.Final"u8);
        to.Bytes("postgresql"u8);
        to.Bytes("shop"u8);
        to.Long(1_795_473_888_119);
        to.Long(0);
        to.Bytes("false"u8);
        to.Bytes("shop"u8);
        Present(to, "[null,\"26745624\"]"u8);
        Present(to, 1_795_473_888_119_618);
        Present(to, 1_795_473_888_119_618_000);
        to.Bytes("public"u8);
        to.Bytes("orders"u8);
        Present(to, 754);
        Present(to, 26_745_624);
        to.Long(0);
        to.Long(0);
        to.Long(0);
    }

    static void Present(AvroEncoder to, long value)
    {
        to.Long(1);
        to.Long(value);
    }

    static void Present(AvroEncoder to, ReadOnlySpan<byte> value)
    {
        to.Long(1);
        to.Bytes(value);
    }
}
