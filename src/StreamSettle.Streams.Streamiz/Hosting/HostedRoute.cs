using Confluent.Kafka;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>Where the record goes that is on its way through a sink: the task has chosen topic and partition, by the rules of the runtime.</summary>
/// <param name="work">Null where the topology is only described.</param>
sealed class HostedRoute(HostedWork? work) : ITopicNameExtractor<byte[], byte[]>, IStreamPartitioner<byte[], byte[]>
{
    public void Initialize(IStreamConfig config)
    {
    }

    public string Extract(byte[] key, byte[] value, IRecordContext recordContext) => work?.Passing?.Partition.Topic ?? HostedSinks.Nowhere;

    public Partition Partition(string topic, byte[] key, byte[] value, Partition sourcePartition, int numPartitions) => work?.Passing?.Partition.Partition ?? 0;
}
