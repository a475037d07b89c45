using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>What the tasks of one thread have written since the last commit: a batch an output partition. Buffers are reused.</summary>
sealed class OutputCollector(Topology topology)
{
    readonly Dictionary<string, TopicOutput> topics = [];
    readonly List<(TopicPartition Partition, RecordBatch Batch)> dirty = [];

    public bool IsEmpty => dirty.Count == 0;

    /// <summary>Framed bytes of all batches.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (var (_, batch) in dirty)
            {
                bytes += batch.Bytes.Length;
            }

            return bytes;
        }
    }

    /// <summary>The outputs to a topic; to be taken once and kept.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">The topology does not know the topic.</exception>
    public TopicOutput Topic(string name)
    {
        if (!topics.TryGetValue(name, out var topic))
        {
            topics[name] = topic = new(topology.Topic(name), dirty);
        }

        return topic;
    }

    /// <summary>What was written to each partition, in the order of the first writes.</summary>
    public IReadOnlyList<(TopicPartition Partition, RecordBatch Batch)> Batches => dirty;

    public void CollectInto(LogCommit commit) => commit.Outputs.AddRange(dirty);

    public void Clear()
    {
        foreach (var (_, batch) in dirty)
        {
            batch.Clear();
        }

        dirty.Clear();
    }
}

/// <summary>The batches of one topic, found by index.</summary>
sealed class TopicOutput(TopicSpec topic, List<(TopicPartition Partition, RecordBatch Batch)> dirty)
{
    readonly RecordBatch?[] batches = new RecordBatch?[topic.Partitions];

    public int Partitions => batches.Length;

    public void Add(int partition, scoped in RawRecord record)
    {
        var batch = batches[partition] ??= new();
        if (batch.Count == 0)
        {
            dirty.Add((new(topic.Name, partition), batch));
        }

        batch.Add(record);
    }
}
