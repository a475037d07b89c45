using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>What a task is made of.</summary>
/// <param name="Inputs">The partitions it reads, in the order of the sources.</param>
sealed record TaskPlan(TaskId Id, NodeSpec[] Nodes, IReadOnlyList<StoreSpec> Stores, (TopicPartition Partition, SourceSpec Source)[] Inputs)
{
    /// <summary>One partition of a sub-topology.</summary>
    public static TaskPlan Of(SubTopology subTopology, int partition, string applicationId)
    {
        var inputs = from source in subTopology.Specs.OfType<SourceSpec>()
                     from topic in source.Topics
                     select (new TopicPartition(topic.Resolve(applicationId), partition), source);
        return new(new(subTopology.Id, partition), subTopology.Specs, subTopology.Stores, [.. inputs]);
    }

    /// <summary>All partitions of a topic that every instance reads all of.</summary>
    public static TaskPlan Of(GlobalSpec global, int partitions)
    {
        var inputs = Enumerable.Range(0, partitions).Select(partition => (new TopicPartition(global.Topic, partition), global.Source));
        return new(new(global.Id, 0), [global.Source, global.Processor], global.Store is null ? [] : [global.Store], [.. inputs]);
    }
}
