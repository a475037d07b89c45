using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Runtime;

/// <summary>One thread to be: its name, its group, and the sub-topologies of the group.</summary>
sealed record ThreadPlan(string Name, WorkerOptions Options, IReadOnlyList<SubTopology> SubTopologies)
{
    /// <summary>The threads of all groups; sub-topologies that no group names belong to the group of the application id.</summary>
    /// <exception cref="UserMistakeException">A group names an unknown node, or two groups want one sub-topology.</exception>
    public static IReadOnlyList<ThreadPlan> Of(Topology topology, StreamsOptions options)
    {
        var owners = new Dictionary<SubTopology, string>();
        var plans = new List<ThreadPlan>();
        foreach (var group in options.Groups)
        {
            var wanted = group.Nodes.Select(node => SubTopologyOf(topology, group, node)).Distinct().OrderBy(sub => sub.Id).ToList();
            foreach (var subTopology in wanted.Where(sub => !owners.TryAdd(sub, group.Name)))
            {
                throw new UserMistakeException($"the thread groups '{owners[subTopology]}' and '{group.Name}' both want sub-topology {subTopology.Id}");
            }

            Add(plans, group with { Name = GroupOf(topology, group.Name) }, wanted, options);
        }

        Add(plans, new(topology.ApplicationId, options.Threads) { CommitLinger = options.CommitLinger }, [.. topology.SubTopologies.Where(sub => !owners.ContainsKey(sub))], options);
        return plans;
    }

    /// <summary>What the log knows the group of this name by.</summary>
    public static string GroupOf(Topology topology, string name) => $"{topology.ApplicationId}-{name}";

    static SubTopology SubTopologyOf(Topology topology, ThreadGroup group, string node) =>
        topology.SubTopologies.FirstOrDefault(sub => sub.Nodes.Contains(node))
        ?? throw new UserMistakeException($"the thread group '{group.Name}' names the node '{node}', which is in no sub-topology");

    static void Add(List<ThreadPlan> plans, ThreadGroup group, IReadOnlyList<SubTopology> subTopologies, StreamsOptions options)
    {
        for (var number = 1; number <= group.Threads && subTopologies.Count > 0; number++)
        {
            var name = $"{group.Name}-StreamThread-{number}";
            var worker = new WorkerOptions(group.Name, name)
            {
                CommitLinger = group.CommitLinger,
                IdleWait = group.IdleWait,
                CommitInterval = options.CommitInterval,
                HurriedCommitInterval = options.HurriedCommitInterval,
                BytesPerCommitMax = options.CommitBytesMax,
                PollRecordsMax = options.PollRecordsMax,
                PollBytesMax = options.PollBytesMax,
            };
            plans.Add(new(name, worker, subTopologies));
        }
    }
}
