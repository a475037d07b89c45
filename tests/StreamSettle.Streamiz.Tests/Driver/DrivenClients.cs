using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;
using StreamSettle.Streams.Streamiz.Clients;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Streamiz.Tests.Driver;

/// <summary>
/// The host's clients where Streamiz' driver makes them, which forces at-least-once: there a commit is a flush of the producer, and offsets if there are any. The log's commit follows the flush, with
/// the next poll. The driver's own topics for input and output are the log's.
/// </summary>
sealed class DrivenClients(HostedClients hosted, HostedWork work, Turns turns, IDrivenLog log, StreamConfig config) : IKafkaSupplier
{
    readonly HostedWork work = work;
    readonly Turns turns = turns;
    volatile bool mayCommit;
    volatile bool crashes;

    public StreamMetricsRegistry MetricsRegistry
    {
        get => hosted.MetricsRegistry;
        set => hosted.MetricsRegistry = value;
    }

    /// <summary>The thread loses all that is not committed as soon as it goes on.</summary>
    public void Crash() => crashes = true;

    public IConsumer<byte[], byte[]> GetConsumer(ConsumerConfig consumerConfig, IConsumerRebalanceListener rebalanceListener)
    {
        if (rebalanceListener is null)
        {
            return new PipeConsumer(log);
        }

        // The driver has set the interval to half a minute with the guarantee, and the thread is made with the next step.
        config.CommitIntervalMs = 0;
        return new Consumer(hosted.GetConsumer(consumerConfig, rebalanceListener), this);
    }

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig producerConfig) =>
        producerConfig.ClientId.StartsWith("pipe-input", StringComparison.Ordinal) ? new PipeProducer(log) : new Producer(hosted.GetProducer(producerConfig), this);

    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig clientConfig) => hosted.GetRestoreConsumer(clientConfig);

    public IAdminClient GetAdmin(AdminClientConfig clientConfig) => new Admin(hosted.GetAdmin(clientConfig));

    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig clientConfig) => hosted.GetGlobalConsumer(clientConfig);

    void Commit()
    {
        if (mayCommit)
        {
            mayCommit = false;
            work.BeginCommit();
            work.FinishCommit();
        }
    }

    void CrashIfAsked()
    {
        if (crashes)
        {
            crashes = false;
            work.GiveUp();
            throw new Streams.Log.TransactionAbortedException("the test has it crash");
        }
    }

    /// <summary>Streamiz' driver wants to make the topics, which the log has.</summary>
    sealed class Admin(IAdminClient inner) : NoAdmin
    {
        public override Metadata GetMetadata(TimeSpan timeout) => inner.GetMetadata(timeout);

        public override Metadata GetMetadata(string topic, TimeSpan timeout) => inner.GetMetadata(topic, timeout);

        public override Task CreateTopicsAsync(IEnumerable<TopicSpecification> topics, CreateTopicsOptions? options = null) => Task.CompletedTask;

        public override void Dispose() => inner.Dispose();
    }

    sealed class Producer(IProducer<byte[], byte[]> inner, DrivenClients clients) : NoProducer
    {
        public override void Produce(TopicPartition topicPartition, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) =>
            inner.Produce(topicPartition, message, deliveryHandler);

        public override void Flush(CancellationToken cancellationToken = default) => clients.mayCommit = true;

        public override void Dispose() => inner.Dispose();
    }

    sealed class Consumer(IConsumer<byte[], byte[]> inner, DrivenClients clients) : NoConsumer
    {
        public override List<TopicPartition> Assignment => inner.Assignment;

        public override IConsumerGroupMetadata ConsumerGroupMetadata => inner.ConsumerGroupMetadata;

        public override void Subscribe(IEnumerable<string> topics) => inner.Subscribe(topics);

        public override void Unsubscribe() => inner.Unsubscribe();

        public override ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
        {
            if (clients.turns.HasEnded)
            {
                return null;
            }

            clients.Commit();
            clients.CrashIfAsked();
            if (inner.Consume(TimeSpan.Zero) is { } record)
            {
                return record;
            }

            if (clients.work.IsAtRest)
            {
                clients.turns.Rest();
                clients.CrashIfAsked();
            }

            return clients.turns.HasEnded ? null : inner.Consume(timeout);
        }

        /// <summary>The log's commit has the positions.</summary>
        public override void Commit(IEnumerable<TopicPartitionOffset> offsets)
        {
        }

        public override void Close() => inner.Close();

        public override void Dispose() => inner.Dispose();
    }
}
