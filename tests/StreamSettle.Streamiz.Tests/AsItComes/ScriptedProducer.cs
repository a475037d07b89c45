using Confluent.Kafka;
using StreamSettle.Streams.Streamiz.Clients;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Says what it is told to do.</summary>
sealed class ScriptedProducer(Scripted script) : NoProducer
{
    public override void InitTransactions(TimeSpan timeout)
    {
    }

    public override void BeginTransaction() => script.Say("begin");

    public override void Produce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) => script.Say("produce");

    public override void Produce(TopicPartition topicPartition, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) => script.Say("produce");

    public override void Flush(CancellationToken cancellationToken = default)
    {
    }

    public override void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout)
    {
    }

    public override void CommitTransaction()
    {
        script.Commit();
        script.Say("commit");
    }

    public override void AbortTransaction() => script.Say("abort");

    public override void Dispose()
    {
    }
}
