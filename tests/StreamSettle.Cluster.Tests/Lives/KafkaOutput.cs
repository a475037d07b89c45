using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Cluster.Tests.Lives;

/// <summary>Reads what was committed, as any consumer of the broker does.</summary>
sealed class KafkaOutput(DrivenKafkaLog log) : IOutputReader
{
    static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(50);

    readonly FetchedRecords fetched = new();
    readonly Dictionary<TopicPartition, long> next = [];

    public IReadOnlyList<OutputRecord> Read(string topic)
    {
        var ends = Enumerable.Range(0, log.Partitions(topic)).Select(partition => new TopicPartition(topic, partition)).ToDictionary(partition => partition, log.EndOffset);
        var behind = ends.Keys.Where(partition => next.GetValueOrDefault(partition) < ends[partition]).ToList();
        if (behind.Count == 0)
        {
            return [];
        }

        var records = new List<OutputRecord>();
        using var client = log.OpenReader();
        client.Assign([.. behind.Select(partition => (partition, next.GetValueOrDefault(partition)))]);
        while (behind.Exists(partition => next.GetValueOrDefault(partition) < ends[partition]))
        {
            client.Poll(fetched, PollWait);
            Take(records);
        }

        return [.. records.OrderBy(record => record.Partition).ThenBy(record => record.Offset)];
    }

    void Take(List<OutputRecord> records)
    {
        foreach (var batch in fetched.Batches)
        {
            var rest = fetched.BytesOf(batch);
            for (var i = 0; i < batch.Count && RecordBatch.TryReadNext(ref rest, out var record); i++)
            {
                records.Add(new(
                    batch.Partition.Topic, batch.Partition.Partition, batch.BaseOffset + i, record.KeyIsNull ? null : record.Key.ToArray(), record.ValueIsNull ? null : record.Value.ToArray(),
                    record.TimestampMs, record.Headers.ToArray()));
            }

            next[batch.Partition] = batch.BaseOffset + batch.Count;
        }

        foreach (var (partition, offset) in fetched.Progress)
        {
            next[partition] = Math.Max(next.GetValueOrDefault(partition), offset);
        }
    }
}
