using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Topologies;

public class TopologyBuilderTests
{
    [Fact]
    public void An_unknown_parent_is_named() =>
        Refused(builder => AddNothing(builder, "p", "nobody"), "processor 'p' has the parent 'nobody', which does not exist");

    [Fact]
    public void A_processor_without_parents_is_named() => Refused(builder => AddNothing(builder, "p"), "processor 'p' has no parents");

    [Fact]
    public void A_sink_is_no_parent() =>
        Refused(builder => AddNothing(builder.AddTextSink("sink", "out", "source"), "p", "sink"), "processor 'p' has the parent 'sink', which is a sink");

    [Fact]
    public void A_cycle_is_printed() =>
        Refused(builder => AddNothing(AddNothing(builder, "a", "source", "b"), "b", "a"), "the nodes a -> b -> a form a cycle");

    [Fact]
    public void A_name_is_used_once() =>
        Refused(builder => AddNothing(AddNothing(builder, "p", "source"), "p", "source"), "the name 'p' is used by more than one node");

    [Fact]
    public void A_topic_has_one_source() =>
        Refused(builder => builder.AddTextSource("other", "input"), "topic 'input' is read by source 'source' already, so source 'other' cannot read it too");

    [Fact]
    public void A_store_needs_a_processor() =>
        Refused(builder => builder.AddStateStore(new("s")), "store 's' is connected to no processor");

    [Fact]
    public void A_store_is_connected_to_processors_only() =>
        Refused(builder => builder.AddStateStore(new("s"), "source"), "store 's' is connected to 'source', which is no processor");

    [Fact]
    public void A_store_is_added_once() =>
        Refused(builder => AddNothing(builder, "p", "source").AddStateStore(new("s"), "p").AddStateStore(new("s"), "p"), "the store 's' is added more than once");

    [Fact]
    public void A_source_gives_what_its_child_takes() =>
        Refused(
            builder => builder.AddSink("sink", "out", () => new BytesSerde(), () => new TextSerde(), "source"),
            "sink 'sink' has the parent 'source', which gives <String, String>, but it takes <ReadOnlySpan<Byte>, String>");

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var mistake = Assert.Throws<UserMistakeException>(() => AddNothing(new TopologyBuilder(), "p").Build("my app", 0));

        Assert.Contains("'my app' must be", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("partitions must be 1 to 4096, but is 0", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("there is no source", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("processor 'p' has no parents", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sub_topologies_are_what_edges_and_stores_connect_in_order_of_their_first_node()
    {
        var builder = new TopologyBuilder().AddTextSource("s1", "t1").AddTextSource("s2", "t2").AddTextSource("s3", "t3");
        AddNothing(AddNothing(AddNothing(builder, "p1", "s1"), "p2", "s2"), "p3", "s3").AddStateStore(new("shared"), "p3", "p1");

        var topology = builder.Build("app", 2);

        Assert.Equal(2, topology.SubTopologies.Count);
        Assert.Equal(["s1", "s3", "p1", "p3"], topology.SubTopologies[0].Nodes);
        Assert.Equal(["s2", "p2"], topology.SubTopologies[1].Nodes);
        Assert.Equal(["shared"], topology.SubTopologies[0].Stores.Select(store => store.Name));
    }

    [Fact]
    public void Topics_between_sub_topologies_are_purged_and_others_kept()
    {
        var topology = CountingTopology.Build(more: builder => AddNothing(
            builder.AddTextSource("again", "counts-out").AddGlobalStore("rules", "rules-source", "rules"), "after", "again"));

        Assert.Equal(
            [("app-letters-repartition", TopicRetention.PurgeConsumed), ("counts-out", TopicRetention.PurgeConsumed), ("rules", TopicRetention.Keep), ("words", TopicRetention.Keep)],
            topology.Topics.Select(topic => (topic.Name, topic.Retention)).Order());
    }

    [Fact]
    public void Topics_from_outside_and_of_global_stores_are_purged_where_the_topology_says_so()
    {
        var topology = CountingTopology.Build(more: builder => builder.AddGlobalStore("rules", "rules-source", "rules").PurgeConsumed("words", "rules"));

        Assert.Equal(
            [("app-letters-repartition", TopicRetention.PurgeConsumed), ("counts-out", TopicRetention.Keep), ("rules", TopicRetention.PurgeConsumed), ("words", TopicRetention.PurgeConsumed)],
            topology.Topics.Select(topic => (topic.Name, topic.Retention)).Order());
    }

    [Fact]
    public void A_child_that_takes_other_types_is_refused_when_the_task_starts()
    {
        var topology = new TopologyBuilder().AddTextSource("source", "input")
            .AddProcessor("p", () => new TextProcessor(context => context.Output<string, int>("sink"), (_, _, _) => { }), "source")
            .AddTextSink("sink", "out", "p").Build("app", 1);

        var mistake = Assert.Throws<UserMistakeException>(() => new TopologyDriver(topology, TextDriver.Start));

        Assert.Equal("processor 'p' forwards <String, Int32> to 'sink', which takes <String, String>", mistake.Message);
    }

    [Fact]
    public void A_store_that_is_not_connected_is_refused_when_the_task_starts()
    {
        var builder = new TopologyBuilder().AddTextSource("source", "input")
            .AddProcessor("p", () => new TextProcessor(context => context.Store("s"), (_, _, _) => { }), "source");
        var topology = AddNothing(builder, "q", "source").AddStateStore(new("s"), "q").Build("app", 1);

        var mistake = Assert.Throws<UserMistakeException>(() => new TopologyDriver(topology, TextDriver.Start));

        Assert.Equal("processor 'p' asks for the store 's', which is not connected to it; it has no stores", mistake.Message);
    }

    static void Refused(Action<TopologyBuilder> declare, string message)
    {
        var builder = new TopologyBuilder().AddTextSource("source", "input");
        declare(builder);

        Assert.Contains(message, Assert.Throws<UserMistakeException>(() => builder.Build("app", 1)).Message, StringComparison.Ordinal);
    }

    static TopologyBuilder AddNothing(TopologyBuilder builder, string name, params string[] parents) =>
        builder.AddProcessor<string, string>(name, () => new TextProcessor(_ => { }, (_, _, _) => { }), parents);
}
