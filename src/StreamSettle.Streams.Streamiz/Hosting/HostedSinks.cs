using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>Which sink of Streamiz an output topic has in each sub-topology.</summary>
sealed class HostedSinks(string applicationId)
{
    readonly Dictionary<(int SubTopology, string Topic), string> known = [];

    /// <summary>The sink of a sub-topology for topics that no sink was declared for: dead letters.</summary>
    public static string Other(SubTopology subTopology) => $"other-{subTopology.Id}";

    /// <summary>The topic of what is forwarded only to have a commit.</summary>
    public const string Nowhere = "nowhere";

    public string Of(SubTopology subTopology, string topic)
    {
        if (!known.TryGetValue((subTopology.Id, topic), out var sink))
        {
            sink = subTopology.Specs.OfType<SinkSpec>().FirstOrDefault(spec => spec.Topic.Resolve(applicationId) == topic)?.Name ?? Other(subTopology);
            known.Add((subTopology.Id, topic), sink);
        }

        return sink;
    }
}
