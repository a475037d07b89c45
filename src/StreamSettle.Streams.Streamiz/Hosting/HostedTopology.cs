using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.Stream;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>
/// Our graph in Streamiz' language: of each sub-topology the sources, merged into one transformer that hosts the nodes, its stores, and its sinks. Global stores are not in it: they are
/// followed outside.
/// </summary>
static class HostedTopology
{
    /// <param name="work">Null where it is only described.</param>
    public static global::Streamiz.Kafka.Net.Stream.Topology Build(string applicationId, IEnumerable<SubTopology> subTopologies, HostedWork? work)
    {
        var builder = new StreamBuilder();
        foreach (var subTopology in subTopologies)
        {
            Add(builder, applicationId, subTopology, work);
        }

        return builder.Build();
    }

    static void Add(StreamBuilder builder, string applicationId, SubTopology subTopology, HostedWork? work)
    {
        var bytes = new ByteArraySerDes();
        var transformer = $"task-{subTopology.Id}";
        var hosted = Merged(builder, applicationId, subTopology, bytes).Transform(
            TransformerBuilder.New<byte[], byte[], byte[], byte[]>().Transformer<HostedTask>(work!, subTopology).Build(), transformer);
        foreach (var store in subTopology.Stores)
        {
            builder.AddStateStore(global::Streamiz.Kafka.Net.State.Stores.KeyValueStoreBuilder(new HostedStoreSupplier(store.Name, work), bytes, bytes).WithCachingDisabled(), transformer);
        }

        var route = new HostedRoute(work);
        foreach (var sink in subTopology.Specs.OfType<SinkSpec>())
        {
            hosted.To(sink.Topic.Resolve(applicationId), route.Partition, bytes, bytes, sink.Name);
        }

        hosted.To(route, route, bytes, bytes, HostedSinks.Other(subTopology));
    }

    static IKStream<byte[], byte[]> Merged(StreamBuilder builder, string applicationId, SubTopology subTopology, ByteArraySerDes bytes)
    {
        IKStream<byte[], byte[]>? merged = null;
        foreach (var source in subTopology.Specs.OfType<SourceSpec>())
        {
            foreach (var topic in source.Topics)
            {
                var name = source.Topics.Length == 1 ? source.Name : $"{source.Name}-{topic.Name}";
                var stream = builder.Stream(topic.Resolve(applicationId), bytes, bytes, name);
                merged = merged is null ? stream : merged.Merge(stream, $"merge-{subTopology.Id}-{name}");
            }
        }

        return merged!;
    }
}
