using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>The log as hosted tasks see it: which partition's record comes next Streamiz has decided, so that a task waits for none that is empty.</summary>
sealed class CaughtUpLog(IStreamLog log) : IStreamLog
{
    public Guid Identity => log.Identity;

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> topics) => log.EnsureTopics(topics);

    public int Partitions(string topic) => log.Partitions(topic);

    public ILogClient OpenClient(string group, string member) => log.OpenClient(group, member);

    public long EndOffset(TopicPartition partition) => log.EndOffset(partition);

    public IReadOnlyList<long> EndOffsets(IReadOnlyList<TopicPartition> partitions) => log.EndOffsets(partitions);

    public long KnownEnd(TopicPartition partition) => 0;

    public long? SeenEnd(TopicPartition partition) => log.SeenEnd(partition);

    public long CommittedPosition(string group, TopicPartition partition) => log.CommittedPosition(group, partition);

    public byte[]? ReadMetadata(string name) => log.ReadMetadata(name);

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => log.OpenCommittedView(store, partition);

    /// <summary>The log is somebody else's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
