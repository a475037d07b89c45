using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Testing;

/// <summary>Reads each record of a topic once.</summary>
sealed class OutputReader(MemoryLog log)
{
    readonly Dictionary<TopicPartition, long> positions = [];

    public List<OutputRecord> Read(string topic)
    {
        lock (log.Gate)
        {
            var records = new List<OutputRecord>();
            for (var partition = 0; partition < log.Topic(topic).Length; partition++)
            {
                Read(new(topic, partition), records);
            }

            return records;
        }
    }

    void Read(TopicPartition partition, List<OutputRecord> into)
    {
        var offset = positions.GetValueOrDefault(partition);
        var from = log.Partition(partition);
        if (offset == from.EndOffset)
        {
            return;
        }

        var rest = from.Framed((int)offset, (int)(from.EndOffset - offset));
        for (; RecordBatch.TryReadNext(ref rest, out var record); offset++)
        {
            into.Add(new(
                partition.Topic,
                partition.Partition,
                offset,
                record.KeyIsNull ? null : record.Key.ToArray(),
                record.ValueIsNull ? null : record.Value.ToArray(),
                record.TimestampMs,
                record.Headers.ToArray()));
        }

        positions[partition] = offset;
    }
}
