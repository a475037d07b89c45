using Confluent.Kafka;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>A consumer that can do nothing: what Streamiz does not use of it.</summary>
abstract class NoConsumer : IConsumer<byte[], byte[]>
{
    public virtual string MemberId => throw Unused();

    public virtual List<TopicPartition> Assignment => throw Unused();

    public virtual List<string> Subscription => throw Unused();

    public virtual IConsumerGroupMetadata ConsumerGroupMetadata => throw Unused();

    public virtual Handle Handle => throw Unused();

    public virtual string Name => throw Unused();

    public virtual ConsumeResult<byte[], byte[]>? Consume(int millisecondsTimeout) => throw Unused();

    public virtual ConsumeResult<byte[], byte[]>? Consume(CancellationToken cancellationToken = default) => throw Unused();

    public virtual ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout) => throw Unused();

    public virtual void Subscribe(IEnumerable<string> topics) => throw Unused();

    public virtual void Subscribe(string topic) => throw Unused();

    public virtual void Unsubscribe() => throw Unused();

    public virtual void Assign(TopicPartition partition) => throw Unused();

    public virtual void Assign(TopicPartitionOffset partition) => throw Unused();

    public virtual void Assign(IEnumerable<TopicPartitionOffset> partitions) => throw Unused();

    public virtual void Assign(IEnumerable<TopicPartition> partitions) => throw Unused();

    public virtual void IncrementalAssign(IEnumerable<TopicPartitionOffset> partitions) => throw Unused();

    public virtual void IncrementalAssign(IEnumerable<TopicPartition> partitions) => throw Unused();

    public virtual void IncrementalUnassign(IEnumerable<TopicPartition> partitions) => throw Unused();

    public virtual void Unassign() => throw Unused();

    public virtual void StoreOffset(ConsumeResult<byte[], byte[]> result) => throw Unused();

    public virtual void StoreOffset(TopicPartitionOffset offset) => throw Unused();

    public virtual List<TopicPartitionOffset> Commit() => throw Unused();

    public virtual void Commit(IEnumerable<TopicPartitionOffset> offsets) => throw Unused();

    public virtual void Commit(ConsumeResult<byte[], byte[]> result) => throw Unused();

    public virtual void Seek(TopicPartitionOffset tpo) => throw Unused();

    public virtual void Pause(IEnumerable<TopicPartition> partitions) => throw Unused();

    public virtual void Resume(IEnumerable<TopicPartition> partitions) => throw Unused();

    public virtual List<TopicPartitionOffset> Committed(TimeSpan timeout) => throw Unused();

    public virtual List<TopicPartitionOffset> Committed(IEnumerable<TopicPartition> partitions, TimeSpan timeout) => throw Unused();

    public virtual Offset Position(TopicPartition partition) => throw Unused();

    public virtual List<TopicPartitionOffset> OffsetsForTimes(IEnumerable<TopicPartitionTimestamp> timestampsToSearch, TimeSpan timeout) => throw Unused();

    public virtual WatermarkOffsets GetWatermarkOffsets(TopicPartition topicPartition) => throw Unused();

    public virtual WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout) => throw Unused();

    public virtual void Close() => throw Unused();

    public virtual int AddBrokers(string brokers) => throw Unused();

    public virtual void SetSaslCredentials(string username, string password) => throw Unused();

    public virtual void Dispose() => throw Unused();

    static BrokenInvariantException Unused([System.Runtime.CompilerServices.CallerMemberName] string member = "") =>
        new($"Streamiz calls '{member}' of a client, which the version that this was written for does not");
}
