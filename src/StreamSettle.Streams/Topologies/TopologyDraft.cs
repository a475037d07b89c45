using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>What was declared, in its order, unchecked.</summary>
sealed class TopologyDraft
{
    /// <summary>All nodes, the global ones too: their order numbers the sub-topologies.</summary>
    public List<NodeSpec> Nodes { get; } = [];

    public List<(StoreSpec Store, string[] Processors)> Stores { get; } = [];

    /// <summary>Without a store where the processor keeps nothing.</summary>
    public List<(StoreSpec? Store, SourceSpec Source, ProcessorSpec Processor)> Globals { get; } = [];

    public List<string> Topics { get; } = [];

    public HashSet<string> Purged { get; } = [];

    public void Add(NodeSpec node) => Nodes.Add(node);

    public void AddGlobal(StoreSpec? store, SourceSpec source, ProcessorSpec processor)
    {
        Globals.Add((store, source, processor));
        Nodes.Add(source);
        Nodes.Add(processor);
    }
}
