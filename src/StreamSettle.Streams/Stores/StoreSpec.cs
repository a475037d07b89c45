using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Stores;

/// <summary>A store as the topology declares it.</summary>
/// <param name="Name">Unique in the topology; the changelog on Kafka is <c>&lt;app&gt;-&lt;name&gt;-changelog</c>.</param>
/// <param name="Global">Every instance has all of it, as partition 0.</param>
public sealed record StoreSpec(string Name, bool Global = false)
{
    const string ChangelogEnd = "-changelog";

    /// <summary>Where a task's share of the store is kept.</summary>
    public int PartitionOf(TaskId task) => Global ? 0 : task.Partition;

    /// <summary>The topic of the store's writes, as Kafka Streams names it.</summary>
    public string ChangelogOf(string applicationId) => $"{applicationId}-{Name}{ChangelogEnd}";

    /// <summary>The store whose changelog a topic is; null for any other topic.</summary>
    public static StoreSpec? OfChangelog(string topic, string applicationId) =>
        topic.Length > applicationId.Length + 1 + ChangelogEnd.Length && topic.StartsWith(applicationId + "-", StringComparison.Ordinal) && topic.EndsWith(ChangelogEnd, StringComparison.Ordinal)
            ? new(topic[(applicationId.Length + 1)..^ChangelogEnd.Length])
            : null;
}

/// <summary>The committed content of one task's store.</summary>
public interface IStoreBase : IReadOnlyKeyValueStore, IDisposable
{
    /// <summary>
    /// Brings in a piece of what was committed and is not here yet, and returns whether there may be more; false at once where the content is always whole. The
    /// task reads and writes nothing before it has returned false.
    /// </summary>
    bool RestoreMore() => false;

    /// <summary>How far that has come. Safe from any thread.</summary>
    StoreRestore Restored => default;
}
