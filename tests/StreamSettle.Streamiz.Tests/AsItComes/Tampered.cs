using Confluent.Kafka;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;
using StreamSettle.Streams.Streamiz.Clients;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Streamiz' own clients, but for what a test does to commits and restores.</summary>
sealed class Tampered(StreamConfig config) : IKafkaSupplier
{
    readonly DefaultKafkaClientSupplier own = new(new KafkaLoggerAdapter(config), config);

    /// <summary>Called instead of each commit of a transaction; commits it by calling its argument.</summary>
    public Action<Action> Commit { get; set; } = commit => commit();

    /// <summary>Told the offsets of each transaction.</summary>
    public Action<int> OffsetsSent { get; set; } = _ => { };

    /// <summary>False holds the restore up.</summary>
    public Func<bool> MayRestore { get; set; } = () => true;

    public StreamMetricsRegistry MetricsRegistry
    {
        get => own.MetricsRegistry;
        set => own.MetricsRegistry = value;
    }

    public IConsumer<byte[], byte[]> GetConsumer(ConsumerConfig config, IConsumerRebalanceListener rebalanceListener) => own.GetConsumer(config, rebalanceListener);

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig config) => new Producer(own.GetProducer(config), this);

    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig config) => new Restorer(own.GetRestoreConsumer(config), this);

    public IAdminClient GetAdmin(AdminClientConfig config) => own.GetAdmin(config);

    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig config) => own.GetGlobalConsumer(config);

    sealed class Producer(IProducer<byte[], byte[]> inner, Tampered tampered) : NoProducer
    {
        public override string Name => inner.Name;

        public override void InitTransactions(TimeSpan timeout) => inner.InitTransactions(timeout);

        public override void BeginTransaction() => inner.BeginTransaction();

        public override void Produce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) => inner.Produce(topic, message, deliveryHandler);

        public override void Produce(TopicPartition topicPartition, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) =>
            inner.Produce(topicPartition, message, deliveryHandler);

        public override void Flush(CancellationToken cancellationToken = default) => inner.Flush(cancellationToken);

        public override void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout)
        {
            tampered.OffsetsSent(offsets.Count());
            inner.SendOffsetsToTransaction(offsets, groupMetadata, timeout);
        }

        public override void CommitTransaction() => tampered.Commit(inner.CommitTransaction);

        public override void AbortTransaction() => inner.AbortTransaction();

        public override void Dispose() => inner.Dispose();
    }

    sealed class Restorer(IConsumer<byte[], byte[]> inner, Tampered tampered) : NoConsumer
    {
        public override List<TopicPartition> Assignment => inner.Assignment;

        public override ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout) => tampered.MayRestore() ? inner.Consume(timeout) : null;

        public override Offset Position(TopicPartition partition) => inner.Position(partition);

        public override WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout) => inner.QueryWatermarkOffsets(topicPartition, timeout);

        public override void IncrementalAssign(IEnumerable<TopicPartitionOffset> partitions) => inner.IncrementalAssign(partitions);

        public override void IncrementalUnassign(IEnumerable<TopicPartition> partitions) => inner.IncrementalUnassign(partitions);

        public override void Pause(IEnumerable<TopicPartition> partitions) => inner.Pause(partitions);

        public override void Resume(IEnumerable<TopicPartition> partitions) => inner.Resume(partitions);

        public override void Unassign() => inner.Unassign();

        public override void Unsubscribe() => inner.Unsubscribe();

        public override void Dispose() => inner.Dispose();
    }
}
