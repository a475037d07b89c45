using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Topics;

/// <summary>Deletes records of repartition topics, and of others that are named so, that the application has consumed, now and then. Thread-safe.</summary>
internal sealed class ConsumedPurge(TimeProvider time, TimeSpan interval, Action<IReadOnlyList<(TopicPartition Partition, long Next)>> delete)
{
    /// <summary>So many of the last offsets stay: who compares positions can see whether records or markers alone stand between.</summary>
    public const int Left = 100;

    readonly Lock gate = new();
    readonly Dictionary<TopicPartition, long> consumed = [];
    HashSet<string> purged = [];
    long lastPurge = time.GetTimestamp();

    /// <summary>Which topics: those that fill a global store are read by every instance, so they are compacted instead; how those of others go is theirs to say.</summary>
    public void SetTopics(IEnumerable<TopicSpec> topics) =>
        purged = [.. topics.Where(topic => topic.Retention == TopicRetention.PurgeConsumed && topic.Use is not (TopicUse.GlobalStore or TopicUse.Source)).Select(topic => topic.Name)];

    /// <summary>Whether what stood before the topic's first record was deleted here, and so had been read.</summary>
    public bool Takes(string topic) => purged.Contains(topic);

    /// <summary>A commit has happened.</summary>
    public void Committed(IReadOnlyList<(TopicPartition Partition, long Next)> positions)
    {
        List<(TopicPartition, long)> due;
        lock (gate)
        {
            foreach (var (partition, next) in positions)
            {
                if (next > Left && purged.Contains(partition.Topic))
                {
                    consumed[partition] = next - Left;
                }
            }

            if (consumed.Count == 0 || time.GetElapsedTime(lastPurge) < interval)
            {
                return;
            }

            lastPurge = time.GetTimestamp();
            due = [.. consumed.Select(position => (position.Key, position.Value))];
            consumed.Clear();
        }

        delete(due);
    }
}
