using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>What was made of writers' schemas, by what records' frames name them. Made once a schema; most records name the one of the record before.</summary>
/// <param name="schemas">Null where no registry is configured.</param>
internal sealed class WriterPlans<T>(IWriterSchemas? schemas, Func<AvroSchema, T> make)
    where T : class
{
    /// <summary>A topic has a few; more are of whoever makes names up.</summary>
    const int MaxKnown = 1_000;

    readonly Dictionary<SchemaName, T> known = [];
    T? last;
    SchemaName lastName;

    /// <summary>What belongs to the record's schema; the bytes that this wrote go to <paramref name="value"/>.</summary>
    /// <exception cref="WireFormatException">The record has no good frame.</exception>
    /// <exception cref="SerdeException">There is no such schema.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">The registry has not answered about it.</exception>
    public T Of(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> value)
    {
        var name = WireFormat.ReadName(record, out value);
        return last is not null && name == lastName ? last : Find(name);
    }

    T Find(SchemaName name)
    {
        if (!known.TryGetValue(name, out var made))
        {
            var registry = schemas ?? throw new SerdeException("it is in Avro, but no schema registry is configured");
            made = make(registry.Find(name) ?? throw new SerdeException($"the schema registry has no schema {name}"));
            if (known.Count == MaxKnown)
            {
                known.Clear();
            }

            known.Add(name, made);
        }

        (last, lastName) = (made, name);
        return made;
    }
}
