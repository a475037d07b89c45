using System.Runtime.ExceptionServices;
using Confluent.Kafka;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Groups;

/// <summary>
/// A member of the consumer group, by one topic alone: who owns a partition of the lead topic owns the partition of that index of all of them. So whole tasks are
/// shared out and stay together under any broker and protocol. It reads nothing.
/// </summary>
internal sealed class Membership : IDisposable
{
    readonly IMembershipListener listener;
    readonly Departure departure;
    readonly IConsumer<Ignore, Ignore> consumer;
    ExceptionDispatchInfo? failure;
    string memberId = "";
    bool hasComing;
    volatile bool hasAnswer;
    volatile bool isClosing;

    public Membership(ConsumerBuilder<Ignore, Ignore> builder, string leadTopic, IMembershipListener listener, Departure departure)
    {
        this.listener = listener;
        this.departure = departure;
        consumer = builder
            .SetPartitionsAssignedHandler(Assigned)
            .SetPartitionsRevokedHandler((_, partitions) => Told(() => listener.Leaving(IndexesOf(partitions))))
            .SetPartitionsLostHandler((_, partitions) => Told(() => listener.Lost(IndexesOf(partitions))))
            .Build();
        consumer.Subscribe(leadTopic);
    }

    /// <summary>
    /// Under which assignment a transaction is made. Only as long as the member is the one that was given its partitions: a client that was put out forgets its
    /// member id before it tells so, and offsets that name no member are refused by no broker.
    /// </summary>
    /// <exception cref="ClientFencedException">The group goes on without this member.</exception>
    public IConsumerGroupMetadata Metadata
    {
        get
        {
            var metadata = consumer.ConsumerGroupMetadata;
            return memberId.Length > 0 && consumer.MemberId == memberId
                ? metadata
                : throw new ClientFencedException("the group has put this member out and may have given its partitions to others");
        }
    }

    /// <summary>The group has said which partitions are this member's, be it none.</summary>
    public bool HasAnswer => hasAnswer;

    /// <summary>Commits positions outside of a transaction. Safe from any thread.</summary>
    public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions) => consumer.Commit(positions);

    /// <summary>Takes part in the group and tells the listener what comes and goes.</summary>
    public void Poll()
    {
        _ = consumer.Consume(0);
        failure?.Throw();
        if (hasComing)
        {
            hasComing = false;
            consumer.Pause(consumer.Assignment);
        }
    }

    /// <summary>Leaves the group.</summary>
    public void Dispose()
    {
        isClosing = true;
        departure.Take(consumer.Name, () =>
        {
            consumer.Close();
            consumer.Dispose();
        });
    }

    static List<int> IndexesOf(IEnumerable<TopicPartitionOffset> partitions) => [.. partitions.Select(partition => partition.Partition.Value)];

    // From the end on: until the pause nothing old is fetched in vain.
    IEnumerable<TopicPartitionOffset> Assigned(IConsumer<Ignore, Ignore> consumer, List<Confluent.Kafka.TopicPartition> partitions)
    {
        memberId = consumer.MemberId;
        hasAnswer = true;
        hasComing |= partitions.Count > 0;
        Told(() => listener.Coming([.. partitions.Select(partition => partition.Partition.Value)]));
        return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
    }

    /// <summary>What fails in it is thrown after the client's callback, which would else give up the whole assignment.</summary>
    void Told(Action tell)
    {
        if (isClosing)
        {
            return;
        }

        try
        {
            tell();
        }
        catch (Exception exception)
        {
            failure ??= ExceptionDispatchInfo.Capture(exception);
        }
    }
}
