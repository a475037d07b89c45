using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>Keeps the last value of some names; null where there is none.</summary>
internal sealed class LastValues(IEnumerable<string> names) : IRecordTarget
{
    readonly Dictionary<string, byte[]?> values = names.ToDictionary(name => name, byte[]? (_) => null, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, byte[]?> Values => values;

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records)
    {
        var rest = records.Bytes;
        while (RecordBatch.TryReadNext(ref rest, out var record))
        {
            var name = NamedValues.NameOf(record.Key);
            if (values.ContainsKey(name))
            {
                values[name] = record.ValueIsNull ? null : record.Value.ToArray();
            }
        }
    }

    public void Pass(TopicPartition partition, long next)
    {
    }
}
