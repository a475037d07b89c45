using System.Text;

namespace StreamSettle.Streams.Topologies;

/// <summary>The topology as a Mermaid flowchart: a frame a sub-topology, topics between them, stores as cylinders.</summary>
static class MermaidFlowchart
{
    public static string Of(Topology topology)
    {
        var text = new StringBuilder("flowchart TB\n");
        foreach (var topic in topology.Topics)
        {
            text.Append($"  {Id("topic", topic.Name)}[/\"{topic.Name}\"/]\n");
        }

        foreach (var sub in topology.SubTopologies)
        {
            Frame(text, $"sub{sub.Id}", $"Sub-topology {sub.Id}", sub.Specs);
        }

        foreach (var global in topology.Globals)
        {
            Frame(text, $"sub{global.Id}", $"Sub-topology {global.Id}: global {(global.Store is null ? "processor" : "store")}", [global.Source, global.Processor]);
        }

        var nodes = topology.SubTopologies.SelectMany(sub => sub.Specs).Concat(topology.Globals.SelectMany(global => new NodeSpec[] { global.Source, global.Processor }));
        foreach (var node in nodes)
        {
            TopicEdges(text, node, topology.ApplicationId);
        }

        return text.ToString();
    }

    static void Frame(StringBuilder text, string id, string title, IReadOnlyCollection<NodeSpec> nodes)
    {
        text.Append($"  subgraph {id}[\"{title}\"]\n");
        foreach (var node in nodes)
        {
            var (open, close) = node is ProcessorSpec ? ("[", "]") : ("([", "])");
            text.Append($"    {Id("node", node.Name)}{open}\"{node.Name}\"{close}\n");
        }

        foreach (var store in nodes.SelectMany(node => node.Stores).Distinct())
        {
            text.Append($"    {Id("store", store)}[(\"{store}\")]\n");
        }

        foreach (var node in nodes)
        {
            foreach (var child in node.Children)
            {
                text.Append($"    {Id("node", node.Name)} --> {Id("node", child.Name)}\n");
            }

            foreach (var store in node.Stores)
            {
                text.Append($"    {Id("node", node.Name)} --- {Id("store", store)}\n");
            }
        }

        text.Append("  end\n");
    }

    static void TopicEdges(StringBuilder text, NodeSpec node, string applicationId)
    {
        switch (node)
        {
            case SourceSpec source:
                foreach (var topic in source.Topics)
                {
                    text.Append($"  {Id("topic", topic.Resolve(applicationId))} --> {Id("node", node.Name)}\n");
                }

                break;
            case SinkSpec sink:
                text.Append($"  {Id("node", node.Name)} --> {Id("topic", sink.Topic.Resolve(applicationId))}\n");
                break;
        }
    }

    // Mermaid's ids take letters, digits and '_' without surprises; '_' is doubled so that distinct names stay distinct.
    static string Id(string kind, string name)
    {
        var id = new StringBuilder(kind).Append('_');
        foreach (var c in name)
        {
            id.Append(c switch { '_' => "__", '-' => "_h", '.' => "_d", _ => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"_x{(int)c:x}" });
        }

        return id.ToString();
    }
}
