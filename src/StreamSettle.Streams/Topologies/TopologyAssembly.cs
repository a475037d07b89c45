using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Topologies;

/// <summary>Turns a checked draft into a topology: edges, sub-topologies, topics.</summary>
static class TopologyAssembly
{
    public static Topology Assemble(TopologyDraft draft, string applicationId, int partitions)
    {
        var byName = draft.Nodes.ToDictionary(node => node.Name);
        Connect(draft, byName);
        var components = Components(draft, byName);
        var subTopologies = new List<SubTopology>();
        var globals = new List<GlobalSpec>();
        for (var id = 0; id < components.Count; id++)
        {
            var nodes = components[id];
            var global = draft.Globals.FindIndex(global => global.Source == nodes[0]);
            if (global >= 0)
            {
                var (store, source, processor) = draft.Globals[global];
                globals.Add(new(id, store, source, processor, source.Topics[0].Resolve(applicationId)));
            }
            else
            {
                subTopologies.Add(SubTopologyOf(id, nodes, draft, applicationId));
            }
        }

        return new(applicationId, partitions, [.. subTopologies], [.. globals], Topics(draft, applicationId, partitions));
    }

    // A builder may build twice (with other ids or partitions), so edges are laid anew.
    static void Connect(TopologyDraft draft, Dictionary<string, NodeSpec> byName)
    {
        foreach (var node in draft.Nodes)
        {
            node.Children.Clear();
            node.Stores.Clear();
        }

        foreach (var node in draft.Nodes)
        {
            foreach (var parent in node.Parents.Distinct())
            {
                byName[parent].Children.Add(node);
            }
        }

        foreach (var (store, processors) in draft.Stores)
        {
            foreach (var processor in processors.Distinct())
            {
                byName[processor].Stores.Add(store.Name);
            }
        }

        foreach (var (store, _, processor) in draft.Globals)
        {
            if (store is not null)
            {
                processor.Stores.Add(store.Name);
            }
        }
    }

    /// <summary>Connected nodes, each component in order of declaration, components in the order of their first node.</summary>
    static List<List<NodeSpec>> Components(TopologyDraft draft, Dictionary<string, NodeSpec> byName)
    {
        var root = draft.Nodes.ToDictionary(node => node, node => node);
        NodeSpec Find(NodeSpec node) => root[node] == node ? node : root[node] = Find(root[node]);

        foreach (var node in draft.Nodes)
        {
            foreach (var parent in node.Parents)
            {
                root[Find(node)] = Find(byName[parent]);
            }
        }

        foreach (var (_, processors) in draft.Stores)
        {
            foreach (var processor in processors)
            {
                root[Find(byName[processor])] = Find(byName[processors[0]]);
            }
        }

        return [.. draft.Nodes.GroupBy(Find).Select(group => group.ToList())];
    }

    static SubTopology SubTopologyOf(int id, List<NodeSpec> nodes, TopologyDraft draft, string applicationId)
    {
        var topics = nodes.OfType<SourceSpec>().SelectMany(source => source.Topics).Select(topic => topic.Resolve(applicationId));
        var names = nodes.Select(node => node.Name).ToHashSet();
        var stores = draft.Stores.Where(store => names.Contains(store.Processors[0])).Select(store => store.Store);
        return new(id, [.. nodes], [.. topics], [.. stores]);
    }

    static TopicSpec[] Topics(TopologyDraft draft, string applicationId, int partitions)
    {
        var globalSources = draft.Globals.Select(global => global.Source).ToHashSet();
        var globalTopics = globalSources.SelectMany(source => source.Topics).ToHashSet();
        var sources = draft.Nodes.OfType<SourceSpec>().ToList();
        var read = sources.SelectMany(source => source.Topics).ToList();
        var written = draft.Nodes.OfType<SinkSpec>().Select(sink => sink.Topic).ToHashSet();
        var links = sources.Where(source => !globalSources.Contains(source)).SelectMany(source => source.Topics).Where(written.Contains).ToHashSet();
        return [.. read.Concat(written).Concat(draft.Topics.Select(topic => new TopicName(topic, IsRepartition: false))).Distinct()
            .Select(topic => new TopicSpec(topic.Resolve(applicationId), partitions, links.Contains(topic) || draft.Purged.Contains(topic.Name) ? TopicRetention.PurgeConsumed : TopicRetention.Keep)
            {
                Use = topic.IsRepartition ? TopicUse.Repartition : globalTopics.Contains(topic) ? TopicUse.GlobalStore : read.Contains(topic) && !written.Contains(topic) ? TopicUse.Source : TopicUse.Output,
            })];
    }
}
