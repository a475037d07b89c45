using Confluent.Kafka;
using StreamSettle.Streams.Log;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>
/// Two producers by turns, a transaction each. A transaction is decided when its coordinator says so, but its producer may begin the next one only when all markers are written: until then the
/// brokers send it away, and librdkafka comes again after 20 ms. The other one begins at once.
/// </summary>
/// <remarks>
/// Strictly by turns: then the markers of the last transaction but one are written before a record of this one, which <see cref="MarkersComeLate"/> tells, and neither transactional id is forgotten by the brokers while
/// the other is in use.
/// </remarks>
internal sealed class AlternatingProducer(IRecordProducer first, IRecordProducer second) : IRecordProducer
{
    volatile bool isSecond;

    public static AlternatingProducer Of(KafkaParts parts, string member) =>
        new(new TransactionalProducer(parts.Settings.Producer(member), parts.Time), new TransactionalProducer(parts.Settings.OtherProducer(member), parts.Time));

    public int MarkersPerCommit => first.MarkersPerCommit;

    public bool MarkersComeLate => true;

    IRecordProducer Current => isSecond ? second : first;

    /// <summary>Both, before anything is read: what either left open would come between.</summary>
    public void Initialize()
    {
        first.Initialize();
        second.Initialize();
    }

    public void Begin() => Current.Begin();

    public void Produce(TopicPartition partition, scoped in RawRecord record) => Current.Produce(partition, record);

    public void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group) => Current.SendPositions(positions, group);

    public void Flush() => Current.Flush();

    public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
    {
        Current.Commit(positions, group);
        isSecond = !isSecond;
    }

    public void Abort() => Current.Abort();

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
