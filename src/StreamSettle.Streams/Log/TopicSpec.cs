namespace StreamSettle.Streams.Log;

/// <summary>What happens to a topic's old records.</summary>
public enum TopicRetention
{
    /// <summary>Kept.</summary>
    Keep,

    /// <summary>Deleted once every consumer group that reads the topic has committed past them: repartition topics and other links between sub-topologies.</summary>
    PurgeConsumed,
}

/// <summary>A topic that the topology needs.</summary>
public sealed record TopicSpec(string Name, int Partitions, TopicRetention Retention);
