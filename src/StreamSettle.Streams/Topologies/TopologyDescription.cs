using System.Text;

namespace StreamSettle.Streams.Topologies;

/// <summary>The text of Kafka Streams' <c>InternalTopologyBuilder.TopologyDescription</c>, to the space.</summary>
static class TopologyDescription
{
    public static string Of(Topology topology)
    {
        var text = new StringBuilder("Topologies:\n ");
        var parts = topology.SubTopologies.Select(sub => (sub.Id, Text: Of(sub, topology.ApplicationId)))
            .Concat(topology.Globals.Select(global => (global.Id, Text: Of(global, topology.ApplicationId))));
        foreach (var (_, part) in parts.OrderBy(part => part.Id))
        {
            text.Append("  ").Append(part);
        }

        return text.ToString();
    }

    static string Of(SubTopology subTopology, string applicationId)
    {
        var text = new StringBuilder($"Sub-topology: {subTopology.Id}\n");
        foreach (var node in Sorted(subTopology.Specs))
        {
            text.Append("    ").Append(Of(node, applicationId, subTopology.Specs)).Append('\n');
        }

        return text.Append('\n').ToString();
    }

    // Kafka Streams has one text for all that is global.
    static string Of(GlobalSpec global, string applicationId)
    {
        NodeSpec[] nodes = [global.Source, global.Processor];
        return $"Sub-topology: {global.Id} for global store (will not generate tasks)\n"
            + $"    {Of(global.Source, applicationId, nodes)}\n    {Of(global.Processor, applicationId, nodes)}\n";
    }

    static string Of(NodeSpec node, string applicationId, NodeSpec[] all)
    {
        var parents = Names(all.Where(other => node.Parents.Contains(other.Name)));
        return node switch
        {
            SourceSpec source => $"Source: {node.Name} (topics: [{string.Join(", ", source.Topics.Select(topic => topic.Resolve(applicationId)))}])\n      --> {Names(node.Children)}",
            SinkSpec sink => $"Sink: {node.Name} (topic: {sink.Topic.Resolve(applicationId)})\n      <-- {parents}",
            _ => $"Processor: {node.Name} (stores: [{string.Join(", ", node.Stores.Order(StringComparer.Ordinal))}])\n      --> {Names(node.Children)}\n      <-- {parents}",
        };
    }

    static string Names(IEnumerable<NodeSpec> nodes)
    {
        var names = string.Join(", ", Sorted(nodes).Select(node => node.Name));
        return names.Length == 0 ? "none" : names;
    }

    // Kafka Streams' NODE_COMPARATOR: the larger the tree below a node, the earlier; then by name.
    static IEnumerable<NodeSpec> Sorted(IEnumerable<NodeSpec> nodes) => nodes.OrderByDescending(Size).ThenBy(node => node.Name, StringComparer.Ordinal);

    static int Size(NodeSpec node) => 1 + node.Children.Sum(Size);
}
