using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Testing;

/// <summary>A log and its stores in memory, with consumer groups and atomic commits; for tests and the driver. Keeps every record, purged topics too. Thread-safe.</summary>
/// <param name="hostility">What goes wrong by chance; null for nothing.</param>
public sealed class MemoryLog(Hostility? hostility = null) : IDrivenLog
{
    readonly Dictionary<string, MemoryPartition[]> topics = [];
    readonly Dictionary<string, MemoryGroup> groups = [];
    readonly Dictionary<(string Store, int Partition), MemoryStoreBase> stores = [];
    readonly Dictionary<string, byte[]> metadata = [];

    public Guid Identity { get; } = new("5e0b1f7a-6f58-4c1e-9a55-0f3f2d1c0b0a");

    public Action<LogCommit>? BeforeCommit { get; set; }

    public Action<LogCommit>? AfterCommit { get; set; }

    public long Commits { get; private set; }

    internal object Gate { get; } = new();

    /// <summary>Grows whenever something was committed or a group changed.</summary>
    internal long Version { get; private set; }

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> specs)
    {
        lock (Gate)
        {
            foreach (var spec in specs.Where(spec => spec.Use != TopicUse.Changelog))
            {
                if (!topics.TryGetValue(spec.Name, out var partitions))
                {
                    topics[spec.Name] = [.. Enumerable.Range(0, spec.Partitions).Select(_ => new MemoryPartition())];
                }
                else if (partitions.Length != spec.Partitions)
                {
                    throw new UserMistakeException($"topic '{spec.Name}' has {partitions.Length} partitions, but the topology wants {spec.Partitions}");
                }
            }
        }
    }

    public int Partitions(string topic)
    {
        lock (Gate)
        {
            return Topic(topic).Length;
        }
    }

    public ILogClient OpenClient(string group, string member)
    {
        lock (Gate)
        {
            return new MemoryLogClient(this, Group(group), hostility);
        }
    }

    /// <summary>Takes all members of a group for dead, as a group does with who was not heard of for too long: they find out later.</summary>
    public void ExpireMembers(string group)
    {
        lock (Gate)
        {
            Group(group).Expire();
            Changed();
        }
    }

    public long EndOffset(TopicPartition partition)
    {
        lock (Gate)
        {
            return Partition(partition).EndOffset;
        }
    }

    public long CommittedPosition(string group, TopicPartition partition)
    {
        lock (Gate)
        {
            return Group(group).Positions.GetValueOrDefault(partition);
        }
    }

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => Store(store.Name, partition);

    public byte[]? ReadMetadata(string name)
    {
        lock (Gate)
        {
            return metadata.GetValueOrDefault(name);
        }
    }

    public long Append(TopicPartition partition, RecordBatch batch)
    {
        lock (Gate)
        {
            var to = Partition(partition);
            var index = to.Count;
            to.Append(batch.Bytes, hostility);
            Changed();
            return batch.Count == 0 ? to.EndOffset : to.OffsetOf(index);
        }
    }

    public IOutputReader OpenOutput() => new OutputReader(this);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal MemoryPartition[] Topic(string name) =>
        topics.TryGetValue(name, out var partitions) ? partitions : throw new UserMistakeException($"there is no topic '{name}'");

    internal MemoryPartition Partition(TopicPartition partition)
    {
        var partitions = Topic(partition.Topic);
        return (uint)partition.Partition < (uint)partitions.Length
            ? partitions[partition.Partition]
            : throw new UserMistakeException($"topic '{partition.Topic}' has no partition {partition.Partition}; it has {partitions.Length}");
    }

    internal void Changed()
    {
        Version++;
        Monitor.PulseAll(Gate);
    }

    internal MemoryStoreBase Store(string name, int partition)
    {
        lock (Gate)
        {
            if (!stores.TryGetValue((name, partition), out var store))
            {
                stores[(name, partition)] = store = new();
            }

            return store;
        }
    }

    /// <exception cref="TransactionAbortedException">Nothing of it happened, but its records have taken offsets.</exception>
    internal void Commit(LogCommit commit, MemoryLogClient client)
    {
        BeforeCommit?.Invoke(commit);
        lock (Gate)
        {
            // Everything that can fail is looked up before anything is changed.
            var outputs = commit.Outputs.Select(output => (To: Partition(output.Partition), output.Batch)).ToList();
            client.CheckMembership(commit);
            if (hostility?.Aborts() == true)
            {
                outputs.ForEach(output => output.To.Skip(output.Batch.Count + 1));
                Changed();
                throw new TransactionAbortedException("the log is hostile");
            }

            outputs.ForEach(output => output.To.Append(output.Batch.Bytes, hostility));
            outputs.ForEach(output => output.To.Skip(hostility is null ? 0 : 1));
            foreach (var (store, task, changes) in commit.Stores)
            {
                Store(store.Name, task.Partition).Apply(changes);
            }

            foreach (var (partition, next) in commit.Positions)
            {
                client.Group.Positions[partition] = next;
            }

            foreach (var (name, value) in commit.Metadata)
            {
                metadata[name] = value;
            }

            Commits++;
            Changed();
        }

        AfterCommit?.Invoke(commit);
    }

    MemoryGroup Group(string name)
    {
        if (!groups.TryGetValue(name, out var group))
        {
            groups[name] = group = new();
        }

        return group;
    }
}
