namespace StreamSettle.Streams.Topologies;

/// <summary>Rules of the edges between nodes.</summary>
static class EdgeRules
{
    public static IEnumerable<string> Problems(TopologyDraft draft)
    {
        var byName = draft.Nodes.GroupBy(node => node.Name).ToDictionary(group => group.Key, group => group.First());
        var ofGlobals = draft.Globals.Select(global => (NodeSpec)global.Processor).ToHashSet();
        var globalNodes = draft.Globals.SelectMany(global => new[] { global.Source.Name, global.Processor.Name }).ToHashSet();
        foreach (var node in draft.Nodes.Where(node => node is not SourceSpec && !ofGlobals.Contains(node)))
        {
            var kind = node is SinkSpec ? "sink" : "processor";
            if (node.Parents.Length == 0)
            {
                yield return $"{kind} '{node.Name}' has no parents";
            }

            foreach (var parent in node.Parents)
            {
                if (ParentProblem(node, byName.GetValueOrDefault(parent), globalNodes.Contains(parent)) is { } problem)
                {
                    yield return $"{kind} '{node.Name}' has the parent '{parent}', {problem}";
                }
            }
        }

        foreach (var cycle in Cycles(draft, byName))
        {
            yield return cycle;
        }
    }

    static string? ParentProblem(NodeSpec node, NodeSpec? parent, bool parentIsGlobal) => parent switch
    {
        null => "which does not exist",
        SinkSpec => "which is a sink and forwards nothing",
        _ when parentIsGlobal => "which is global and forwards nothing",
        SourceSpec when !node.TakesSame(parent) => $"which gives {parent.Types}, but it takes {node.Types}",
        _ => null,
    };

    static IEnumerable<string> Cycles(TopologyDraft draft, Dictionary<string, NodeSpec> byName)
    {
        var done = new HashSet<string>();
        foreach (var node in draft.Nodes)
        {
            if (FindCycle(node, byName, [], done) is { } cycle)
            {
                yield return $"the nodes {string.Join(" -> ", cycle)} form a cycle";
                yield break;
            }
        }
    }

    static List<string>? FindCycle(NodeSpec node, Dictionary<string, NodeSpec> byName, List<string> path, HashSet<string> done)
    {
        var at = path.IndexOf(node.Name);
        if (at >= 0)
        {
            // The path goes from child to parent; records flow the other way.
            var others = path[(at + 1)..];
            others.Reverse();
            return [node.Name, .. others, node.Name];
        }

        if (!done.Add(node.Name))
        {
            return null;
        }

        path.Add(node.Name);
        var found = node.Parents.Where(byName.ContainsKey).Select(parent => FindCycle(byName[parent], byName, path, done)).FirstOrDefault(cycle => cycle is not null);
        path.RemoveAt(path.Count - 1);
        return found;
    }
}
