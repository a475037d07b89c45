using Confluent.Kafka;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>A producer that can do nothing: what Streamiz does not use of it.</summary>
abstract class NoProducer : IProducer<byte[], byte[]>
{
    public virtual Handle Handle => throw Unused();

    public virtual string Name => throw Unused();

    public virtual Task<DeliveryResult<byte[], byte[]>> ProduceAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellationToken = default) => throw Unused();

    public virtual Task<DeliveryResult<byte[], byte[]>> ProduceAsync(TopicPartition topicPartition, Message<byte[], byte[]> message, CancellationToken cancellationToken = default) => throw Unused();

    public virtual void Produce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) => throw Unused();

    public virtual void Produce(TopicPartition topicPartition, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) => throw Unused();

    public virtual int Poll(TimeSpan timeout) => throw Unused();

    public virtual int Flush(TimeSpan timeout) => throw Unused();

    public virtual void Flush(CancellationToken cancellationToken = default) => throw Unused();

    public virtual void InitTransactions(TimeSpan timeout) => throw Unused();

    public virtual void BeginTransaction() => throw Unused();

    public virtual void CommitTransaction(TimeSpan timeout) => throw Unused();

    public virtual void CommitTransaction() => throw Unused();

    public virtual void AbortTransaction(TimeSpan timeout) => throw Unused();

    public virtual void AbortTransaction() => throw Unused();

    public virtual void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) => throw Unused();

    public virtual int AddBrokers(string brokers) => throw Unused();

    public virtual void SetSaslCredentials(string username, string password) => throw Unused();

    public virtual void Dispose() => throw Unused();

    static BrokenInvariantException Unused([System.Runtime.CompilerServices.CallerMemberName] string member = "") =>
        new($"Streamiz calls '{member}' of a client, which the version that this was written for does not");
}
