using Confluent.Kafka;
using StreamSettle.Streams.Streamiz.Hosting;
using TopicPartition = Confluent.Kafka.TopicPartition;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>
/// The producer of Streamiz' thread. What it is given is kept until the commit, which is the log's: records, changelogs, and the positions of all tasks together with the member that may
/// commit them, also where only a punctuation wrote.
/// </summary>
/// <param name="mayFail">Takes a failure where Streamiz would not.</param>
sealed class HostedProducer(HostedWork work, Func<Exception, bool> mayFail) : NoProducer
{
    /// <summary>The log's client has done it before its first read.</summary>
    public override void InitTransactions(TimeSpan timeout)
    {
    }

    public override void BeginTransaction() => work.Begin();

    public override void Produce(TopicPartition topicPartition, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) =>
        work.Produced(new(topicPartition.Topic, topicPartition.Partition), message.Key, message.Value);

    /// <summary>What fails to be sent fails the commit.</summary>
    public override void Flush(CancellationToken cancellationToken = default)
    {
    }

    public override void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) =>
        Attempt(work.BeginCommit);

    public override void CommitTransaction() => Attempt(work.FinishCommit);

    /// <summary>Streamiz has lost its partitions or failed: what its tasks hold is void too.</summary>
    public override void AbortTransaction() => work.GiveUp();

    public override void Dispose()
    {
    }

    void Attempt(Action call)
    {
        try
        {
            call();
        }
        catch (Exception failure) when (mayFail(failure))
        {
            // Streamiz would leave its consumer open: given up it goes on closing.
        }
    }
}
