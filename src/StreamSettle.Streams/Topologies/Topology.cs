using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>What happens to records, checked and fixed. Made by <see cref="TopologyBuilder"/>; run by <c>StreamsApp</c> and <c>TopologyDriver</c>.</summary>
public sealed class Topology
{
    readonly Dictionary<string, TopicSpec> topicsByName;

    internal Topology(string applicationId, int partitions, SubTopology[] subTopologies, GlobalSpec[] globals, TopicSpec[] topics)
    {
        ApplicationId = applicationId;
        Partitions = partitions;
        SubTopologies = subTopologies;
        Globals = globals;
        Topics = topics;
        topicsByName = topics.ToDictionary(topic => topic.Name);
    }

    public string ApplicationId { get; }

    /// <summary>Partitions of every topic, so tasks of every sub-topology.</summary>
    public int Partitions { get; }

    /// <summary>In the order of their ids; ids of what is global are missing here.</summary>
    public IReadOnlyList<SubTopology> SubTopologies { get; }

    /// <summary>Every topic that is read or written, with its full name.</summary>
    public IReadOnlyList<TopicSpec> Topics { get; }

    /// <summary>One for each store of a task. Global stores have none: their topic is what they are filled from.</summary>
    public IReadOnlyList<TopicSpec> Changelogs =>
        [.. SubTopologies.SelectMany(sub => sub.Stores).Select(store => new TopicSpec(store.ChangelogOf(ApplicationId), Partitions, TopicRetention.Keep) { Use = TopicUse.Changelog })];

    internal GlobalSpec[] Globals { get; }

    /// <summary>The text that Kafka Streams' <c>TopologyDescription</c> prints.</summary>
    public string Describe() => TopologyDescription.Of(this);

    /// <summary>A Mermaid flowchart: topics, nodes and stores.</summary>
    public string ToMermaid() => MermaidFlowchart.Of(this);

    /// <summary>The store of that name, local or global.</summary>
    /// <exception cref="UserMistakeException">There is none.</exception>
    public StoreSpec Store(string name) =>
        SubTopologies.SelectMany(sub => sub.Stores).Concat(Globals.Select(global => global.Store).OfType<StoreSpec>()).FirstOrDefault(store => store.Name == name)
        ?? throw new UserMistakeException($"the topology of '{ApplicationId}' has no store '{name}'");

    internal TopicSpec Topic(string name) =>
        topicsByName.TryGetValue(name, out var topic)
            ? topic
            : throw new UserMistakeException($"the topology of '{ApplicationId}' has no topic '{name}'; declare it with AddTopic");
}
