using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.Stream;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streamiz.Tests.AsItComes;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>Topics have the names that Streamiz itself would give them, so that whoever knows them by those finds them.</summary>
public class NamesTests(KafkaBroker broker)
{
    [Fact]
    public async Task Changelogs_and_repartition_topics_are_named_as_Streamiz_names_its_own()
    {
        var (own, ours) = (broker.NewName("own"), broker.NewName("ours"));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap }).Build();
        await admin.CreateTopicsAsync([new() { Name = own + "-in", NumPartitions = 1 }]);
        var bytes = new ByteArraySerDes();
        var builder = new StreamBuilder();
        builder.Stream(own + "-in", bytes, bytes)
            .Repartition(Repartitioned<byte[], byte[]>.With(bytes, bytes).WithName("letters"))
            .Transform(TransformerBuilder.New<byte[], byte[], byte[], byte[]>().Transformer<MergedTransformer>((Action<MergedTransformer>)(_ => { }))
                .StateStore(global::Streamiz.Kafka.Net.State.Stores.KeyValueStoreBuilder(global::Streamiz.Kafka.Net.State.Stores.InMemoryKeyValueStore("counts"), bytes, bytes)).Build(), "count")
            .To(own + "-in", bytes, bytes);
        using var stream = new KafkaStream(builder.Build(), new StreamConfig(null, NullLoggerFactory.Instance)
        {
            ApplicationId = own, BootstrapServers = broker.Bootstrap, ReplicationFactor = 1, StateDir = Directory.CreateTempSubdirectory("streamiz-names-").FullName,
        });
        await stream.StartAsync();

        HashSet<string> Made() => [.. admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Select(topic => topic.Topic).Where(topic => topic.StartsWith(own, StringComparison.Ordinal) && topic != own + "-in")];
        Eventually.Holds(() => Made().Count == 2, () => string.Join(' ', Made()));
        var topology = CountingTopology.Build(1, application: ours);
        Assert.Equal(
            Made().Select(topic => topic[own.Length..]).Order(),
            topology.Topics.Concat(topology.Changelogs).Select(topic => topic.Name).Where(topic => topic.StartsWith(ours, StringComparison.Ordinal)).Select(topic => topic[ours.Length..]).Order());
    }
}
