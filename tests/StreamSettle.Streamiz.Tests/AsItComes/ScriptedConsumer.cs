using Confluent.Kafka;
using Streamiz.Kafka.Net.Kafka;
using StreamSettle.Streams.Streamiz.Clients;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Polls as the test says.</summary>
sealed class ScriptedConsumer(Scripted script, IConsumerRebalanceListener listener) : NoConsumer
{
    readonly List<TopicPartition> assignment = [];

    public override List<TopicPartition> Assignment => [.. assignment];

    public override IConsumerGroupMetadata ConsumerGroupMetadata => null!;

    /// <summary>Polls before the one that is going on.</summary>
    public int Polls { get; private set; }

    /// <summary>What one was allowed to wait at most.</summary>
    public TimeSpan LongestWait { get; private set; }

    public void Assign(params int[] partitions)
    {
        assignment.AddRange(partitions.Select(Scripted.Partition));
        listener.PartitionsAssigned(this, [.. partitions.Select(Scripted.Partition)]);
    }

    public void Revoke(int partition)
    {
        listener.PartitionsRevoked(this, [new(Scripted.Partition(partition), Offset.Unset)]);
        assignment.Remove(Scripted.Partition(partition));
    }

    public override void Subscribe(IEnumerable<string> topics)
    {
        script.Say("subscribe");
        script.Subscribed();
    }

    public override void Unsubscribe() => assignment.Clear();

    public override ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
    {
        script.Say(timeout > TimeSpan.Zero ? Scripted.Wait : "look");
        LongestWait = timeout > LongestWait ? timeout : LongestWait;
        var record = script.Poll(this);
        Polls++;
        return record;
    }

    public override void Close()
    {
    }

    public override void Dispose()
    {
    }
}
