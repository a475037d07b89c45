using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>Nodes that are connected by edges or shared stores: they run together, as one task a partition.</summary>
public sealed class SubTopology
{
    internal SubTopology(int id, NodeSpec[] nodes, string[] sourceTopics, StoreSpec[] stores)
    {
        Id = id;
        Specs = nodes;
        SourceTopics = sourceTopics;
        Stores = stores;
        Nodes = [.. nodes.Select(node => node.Name)];
    }

    /// <summary>Counts sub-topologies and global stores from 0 in the order of their first node.</summary>
    public int Id { get; }

    /// <summary>Names in the order of declaration.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>The topics that its sources read, with their full names; co-partitioned.</summary>
    public IReadOnlyList<string> SourceTopics { get; }

    public IReadOnlyList<StoreSpec> Stores { get; }

    internal NodeSpec[] Specs { get; }
}
