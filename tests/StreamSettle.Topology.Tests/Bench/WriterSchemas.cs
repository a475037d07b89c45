using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>A registry of what a test puts into it, and records by its schemas.</summary>
sealed class WriterSchemas : IWriterSchemas
{
    readonly List<string> texts = [];

    /// <summary>Registers a schema; gives its id.</summary>
    public int Add(string schema)
    {
        texts.Add(schema);
        return texts.Count;
    }

    /// <summary>The GUID under which a schema is found too.</summary>
    public static Guid GuidOf(int id) => new(id, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    public AvroSchema? Find(SchemaName name) => (name.Id ?? texts.Select((_, at) => at + 1).FirstOrDefault(id => GuidOf(id) == name.Guid)) is > 0 and var id && id <= texts.Count ? AvroSchema.Parse(texts[id - 1]) : null;

    /// <summary>A value of a schema from its JSON, without a frame. What a schema's default is in bytes is what the same JSON is as a record.</summary>
    public byte[] Body(int id, string json)
    {
        var holder = (RecordSchema)AvroSchema.Parse($$"""{"type":"record","name":"Holder","fields":[{"name":"held","type":{{texts[id - 1]}},"default":{{json}}}]}""");
        return holder.Fields[0].Default!.Value.ToArray();
    }

    public static byte[] Framed(int id, ReadOnlySpan<byte> body)
    {
        var record = new ByteBuffer();
        WireFormat.Write(id, record);
        record.Write(body);
        return record.Written.ToArray();
    }
}
