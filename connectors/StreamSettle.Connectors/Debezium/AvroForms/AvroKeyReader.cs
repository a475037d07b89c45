using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Plans;
using StreamSettle.Schemas.Avro.Reading;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>Reads a record's key in Avro: a record with the key column as a whole number.</summary>
internal sealed class AvroKeyReader(string column, IWriterSchemas? schemas)
{
    const int KeySlot = 0;

    readonly WriterPlans<AvroPlan> plans = new(schemas, writer => Compile(writer, column));

    /// <exception cref="SerdeException">The bytes are no key with that column.</exception>
    public long Read(ReadOnlySpan<byte> source)
    {
        try
        {
            var plan = plans.Of(source, out var value);
            var key = default(KeySink);
            plan.Read(value, ref key);
            return key.Value ?? throw new SerdeException($"a key's {column} is null");
        }
        catch (Exception e) when (e is WireFormatException or AvroDataException or AvroResolutionException or AvroSchemaException)
        {
            throw new SerdeException($"a key with {column} cannot be read: {e.Message}", e);
        }
    }

    static AvroPlan Compile(AvroSchema writer, string column)
    {
        var type = (writer as RecordSchema)?.Field(column)?.Schema.Type;
        return type is AvroType.Int or AvroType.Long
            ? AvroPlan.Compile(writer, writer, new AvroBinding().Bind(column, KeySlot))
            : throw new SerdeException($"a key's schema is {writer.Description}, expected a record with {column} as int or long");
    }

    struct KeySink : IAvroSink
    {
        public long? Value { get; private set; }

        public void Int(int slot, int value) => Value = value;

        public void Long(int slot, long value) => Value = value;

        public readonly void Null(int slot)
        {
        }

        public readonly void BeginRecord(int slot, RecordSchema schema)
        {
        }

        public readonly void EndRecord(int slot)
        {
        }
    }
}
