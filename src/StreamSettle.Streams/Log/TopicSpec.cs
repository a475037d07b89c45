namespace StreamSettle.Streams.Log;

/// <summary>What happens to a topic's old records.</summary>
public enum TopicRetention
{
    /// <summary>Kept.</summary>
    Keep,

    /// <summary>Deleted once every consumer group that reads the topic has committed past them: links between sub-topologies, and what is named by <c>TopologyBuilder.PurgeConsumed</c>.</summary>
    PurgeConsumed,
}

/// <summary>A topic that the topology needs.</summary>
public sealed record TopicSpec(string Name, int Partitions, TopicRetention Retention);
