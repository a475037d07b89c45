using Confluent.Kafka;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>The clients of one Streamiz thread, all of them in front of the log.</summary>
sealed class HostedClients(HostedWork work, Topology topology, Action polled, Func<Exception, bool> mayFail) : IKafkaSupplier
{
    public StreamMetricsRegistry MetricsRegistry { get; set; } = null!;

    public IConsumer<byte[], byte[]> GetConsumer(ConsumerConfig config, IConsumerRebalanceListener rebalanceListener) => new HostedConsumer(work, rebalanceListener, polled);

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig config) => new HostedProducer(work, mayFail);

    /// <summary>Has nothing to read: stores restore themselves.</summary>
    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig config) => new IdleConsumer();

    public IAdminClient GetAdmin(AdminClientConfig config) => new HostedAdmin(topology);

    /// <summary>Has nothing to read: global stores are followed by the runtime.</summary>
    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig config) => new IdleConsumer();
}
