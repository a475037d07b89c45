using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Testing;

/// <summary>Reads each record of a topic once.</summary>
sealed class OutputReader(MemoryLog log) : IOutputReader
{
    readonly Dictionary<TopicPartition, int> read = [];

    public IReadOnlyList<OutputRecord> Read(string topic)
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
        var from = log.Partition(partition);
        for (var index = read.GetValueOrDefault(partition); index < from.Count; index++)
        {
            var rest = from.Framed(index, 1);
            RecordBatch.TryReadNext(ref rest, out var record);
            into.Add(new(
                partition.Topic,
                partition.Partition,
                from.OffsetOf(index),
                record.KeyIsNull ? null : record.Key.ToArray(),
                record.ValueIsNull ? null : record.Value.ToArray(),
                record.TimestampMs,
                record.Headers.ToArray()));
        }

        read[partition] = from.Count;
    }
}
