using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>What was made of writers' schemas, by the ids in records' frames. Made once a schema; most records have the id of the one before.</summary>
/// <param name="schemas">Null where no registry is configured.</param>
internal sealed class WriterPlans<T>(IWriterSchemas? schemas, Func<AvroSchema, T> make)
    where T : class
{
    /// <summary>A topic has a few; more are of whoever makes ids up.</summary>
    const int MaxKnown = 1_000;

    readonly Dictionary<int, T> known = [];
    T? last;
    int lastId;

    /// <summary>What belongs to the record's schema; the bytes that this wrote go to <paramref name="value"/>.</summary>
    /// <exception cref="WireFormatException">The record has no good frame.</exception>
    /// <exception cref="SerdeException">There is no such schema.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">The registry has not answered about it.</exception>
    public T Of(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> value)
    {
        var id = WireFormat.Read(record, out value);
        return last is not null && id == lastId ? last : Find(id);
    }

    T Find(int id)
    {
        if (!known.TryGetValue(id, out var made))
        {
            var registry = schemas ?? throw new SerdeException("it is in Avro, but no schema registry is configured");
            made = make(registry.Find(id) ?? throw new SerdeException($"the schema registry has no schema {id}"));
            if (known.Count == MaxKnown)
            {
                known.Clear();
            }

            known.Add(id, made);
        }

        (last, lastId) = (made, id);
        return made;
    }
}
