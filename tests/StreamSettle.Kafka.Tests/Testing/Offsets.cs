using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>What the brokers keep of a group's positions, as an administrator sees and changes it.</summary>
sealed class Offsets(string bootstrap, string group) : IDisposable
{
    readonly IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();

    /// <summary>Of all partitions of a topic that have one.</summary>
    public SortedDictionary<int, long> Of(string topic)
    {
        var found = admin.ListConsumerGroupOffsetsAsync([new(group, null)]).GetAwaiter().GetResult()[0].Partitions;
        return new(found.Where(position => position.Topic == topic && position.Offset >= 0).ToDictionary(position => position.Partition.Value, position => position.Offset.Value));
    }

    /// <summary>The same once so many records are behind them: a transaction's positions are told a moment after it is committed.</summary>
    public SortedDictionary<int, long> Behind(int records, string topic)
    {
        Eventually.Holds(() => Of(topic).Values.Sum() == records, () => $"not {records} records of {topic} are committed: {string.Join(' ', Of(topic))}");
        return Of(topic);
    }

    /// <summary>Of a topic that no member subscribes to: of others the broker refuses it.</summary>
    public void Delete(string topic, int partitions) =>
        admin.DeleteConsumerGroupOffsetsAsync(group, Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition))).GetAwaiter().GetResult();

    /// <summary>Deletes a topic and makes another of its name.</summary>
    public void MakeAnew(string topic, int partitions)
    {
        admin.DeleteTopicsAsync([topic]).GetAwaiter().GetResult();
        Eventually.Holds(() => HasMade(topic, partitions), () => $"the topic {topic} is still being deleted");
    }

    /// <summary>All that the brokers know of a group that nobody is in.</summary>
    public void DeleteGroup() => Eventually.Holds(HasDeleted, () => $"the group {group} is not deleted: somebody is still in it");

    /// <summary>As an operator does who knows where the group stood; nobody is in it.</summary>
    public void Set(string topic, IReadOnlyDictionary<int, long> positions) => admin.AlterConsumerGroupOffsetsAsync(
        [new(group, [.. positions.Select(position => new TopicPartitionOffset(topic, position.Key, position.Value))])]).GetAwaiter().GetResult();

    public void Dispose() => admin.Dispose();

    bool HasMade(string topic, int partitions)
    {
        try
        {
            admin.CreateTopicsAsync([new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]).GetAwaiter().GetResult();
            return true;
        }
        catch (CreateTopicsException refused) when (refused.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            return false;
        }
    }

    bool HasDeleted()
    {
        try
        {
            admin.DeleteGroupsAsync([group]).GetAwaiter().GetResult();
            return true;
        }
        catch (DeleteGroupsException refused) when (refused.Results[0].Error.Code is ErrorCode.NonEmptyGroup or ErrorCode.GroupIdNotFound)
        {
            return refused.Results[0].Error.Code == ErrorCode.GroupIdNotFound;
        }
    }
}
