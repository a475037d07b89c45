using Confluent.Kafka;
using Streamiz.Kafka.Net.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Streamiz.Hosting;
using TopicPartition = Confluent.Kafka.TopicPartition;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>The consumer of Streamiz' thread: the group's member and reader that the log gives. What Streamiz fails at in it is thrown by <see cref="Consume"/> alone.</summary>
sealed class HostedConsumer(HostedWork work, IConsumerRebalanceListener listener, Action polled) : NoConsumer, IAssignmentListener
{
    public override List<TopicPartition> Assignment => [.. work.Owned.Select(ToKafka)];

    /// <summary>The log's client knows under which assignment it commits.</summary>
    public override IConsumerGroupMetadata ConsumerGroupMetadata => null!;

    public override void Subscribe(IEnumerable<string> topics) => work.Subscribe(this);

    public override void Unsubscribe() => work.Unsubscribe();

    public override ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
    {
        if (!work.TryHandOver(out var record))
        {
            // What Streamiz allows may be longer than its poll has left, or below nothing.
            work.Poll(TimeSpan.FromTicks(Math.Clamp(timeout.Ticks, 0, HostedConfig.Poll.Ticks)));
            polled();
            if (!work.TryHandOver(out record))
            {
                return null;
            }
        }

        return new()
        {
            TopicPartitionOffset = new(ToKafka(record.Partition), record.Offset),
            Message = new()
            {
                Key = record.Key ?? HostedRecord.NoKey,
                Value = record.Value!,
                Timestamp = new(record.TimestampMs, TimestampType.CreateTime),
                Headers = HeaderBytes.Read(record.Headers),
            },
        };
    }

    public void Assigned(IReadOnlyCollection<Log.TopicPartition> partitions) => listener.PartitionsAssigned(this, [.. partitions.Select(ToKafka)]);

    /// <summary>After a part was given up Streamiz waits for what comes in its stead, and starts none of the tasks that stay: it is told that nothing comes.</summary>
    public void Revoked(IReadOnlyCollection<Log.TopicPartition> partitions)
    {
        listener.PartitionsRevoked(this, WithOffsets(partitions));
        listener.PartitionsAssigned(this, []);
    }

    public void Lost(IReadOnlyCollection<Log.TopicPartition> partitions) => listener.PartitionsLost(this, WithOffsets(partitions));

    public override void Close() => work.Unsubscribe();

    public override void Dispose() => work.Unsubscribe();

    static TopicPartition ToKafka(Log.TopicPartition partition) => new(partition.Topic, partition.Partition);

    static List<TopicPartitionOffset> WithOffsets(IReadOnlyCollection<Log.TopicPartition> partitions) => [.. partitions.Select(partition => new TopicPartitionOffset(ToKafka(partition), Offset.Unset))];
}
