using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>One schema under one id, and records of it made from JSON: a union takes the first of its types that the JSON fits.</summary>
internal sealed class AvroText(string schema) : IWriterSchemas
{
    public const int Id = 7;

    readonly AvroSchema parsed = AvroSchema.Parse(schema);

    /// <summary>How often the schema was asked for.</summary>
    public int Asked { get; private set; }

    public AvroSchema? Find(SchemaName name)
    {
        Asked++;
        return name == Id ? parsed : null;
    }

    /// <summary>A framed record. What a schema's default is in bytes is what the same JSON is as a record.</summary>
    public byte[] Record(string json)
    {
        var holder = (RecordSchema)AvroSchema.Parse($$"""{"type":"record","name":"Holder","fields":[{"name":"held","type":{{schema}},"default":{{json}}}]}""");
        var record = new ByteBuffer();
        WireFormat.Write(Id, record);
        record.Write(holder.Fields[0].Default!.Value.Span);
        return record.Written.ToArray();
    }
}
