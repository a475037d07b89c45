using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>What was declared, in its order, unchecked.</summary>
sealed class TopologyDraft
{
    /// <summary>All nodes, those of global stores too: their order numbers the sub-topologies.</summary>
    public List<NodeSpec> Nodes { get; } = [];

    public List<(StoreSpec Store, string[] Processors)> Stores { get; } = [];

    public List<(StoreSpec Store, SourceSpec Source, ProcessorSpec Updater)> Globals { get; } = [];

    public List<string> Topics { get; } = [];

    public HashSet<string> Purged { get; } = [];

    public void Add(NodeSpec node) => Nodes.Add(node);

    public void AddGlobal(StoreSpec store, SourceSpec source, ProcessorSpec updater)
    {
        Globals.Add((store, source, updater));
        Nodes.Add(source);
        Nodes.Add(updater);
    }
}
