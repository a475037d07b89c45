namespace StreamSettle.Streams.Log;

/// <summary>What happens to a topic's old records.</summary>
public enum TopicRetention
{
    /// <summary>Kept.</summary>
    Keep,

    /// <summary>Deleted once every consumer group that reads the topic has committed past them: links between sub-topologies, and what is named by <c>TopologyBuilder.PurgeConsumed</c>.</summary>
    PurgeConsumed,
}

/// <summary>What a topic is for; a log that others see too makes and checks it by that.</summary>
public enum TopicUse
{
    /// <summary>Written by the application.</summary>
    Output,

    /// <summary>Only read by it: others write it, and say how its old records go.</summary>
    Source,

    /// <summary>Between sub-topologies of the application, which alone reads and writes it.</summary>
    Repartition,

    /// <summary>Fills a global store of every instance, so the last record of each key has to stay. Others' often, with as many partitions as those want.</summary>
    GlobalStore,

    /// <summary>Writes of a store, where the log keeps stores apart from topics; the others have no such topic.</summary>
    Changelog,
}

/// <summary>A topic that the topology needs.</summary>
public sealed record TopicSpec(string Name, int Partitions, TopicRetention Retention)
{
    public TopicUse Use { get; init; }
}
