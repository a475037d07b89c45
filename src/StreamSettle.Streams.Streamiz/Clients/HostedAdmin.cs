using Confluent.Kafka;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>Tells Streamiz of the topics, which the log has made and checked before.</summary>
sealed class HostedAdmin(Topology topology) : NoAdmin
{
    static readonly Error None = new(ErrorCode.NoError);

    readonly Dictionary<string, int> partitions = topology.Topics.Concat(topology.Changelogs).ToDictionary(topic => topic.Name, topic => topic.Partitions);

    public override Metadata GetMetadata(TimeSpan timeout) => Of([]);

    public override Metadata GetMetadata(string topic, TimeSpan timeout) => Of(
    [
        new(topic, [.. Enumerable.Range(0, topic == HostedSinks.Nowhere ? 1 : partitions[topic]).Select(partition => new PartitionMetadata(partition, 0, [0], [0], None))], None),
    ]);

    public override void Dispose()
    {
    }

    static Metadata Of(List<TopicMetadata> topics) => new([], topics, 0, "the-log");
}
