using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>Keeps the last value of one key.</summary>
internal sealed class LastValue(byte[] key) : IRecordTarget
{
    public byte[]? Value { get; private set; }

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records)
    {
        var rest = records.Bytes;
        while (RecordBatch.TryReadNext(ref rest, out var record))
        {
            if (record.Key.SequenceEqual(key))
            {
                Value = record.ValueIsNull ? null : record.Value.ToArray();
            }
        }
    }

    public void Pass(TopicPartition partition, long next)
    {
    }
}
