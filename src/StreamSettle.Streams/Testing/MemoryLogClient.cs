using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Testing;

/// <summary>A member of a group, or a reader of given partitions, of a <see cref="MemoryLog"/>.</summary>
sealed class MemoryLogClient(MemoryLog log, MemoryGroup group) : ILogClient
{
    readonly SortedDictionary<TopicPartition, long> fetchPositions = new(ByTopicAndPartition);
    readonly HashSet<TopicPartition> paused = [];
    IAssignmentListener? listener;
    bool isWoken;
    long knownGeneration;
    long exhaustedAtVersion = -1;

    static IComparer<TopicPartition> ByTopicAndPartition { get; } = Comparer<TopicPartition>.Create((left, right) =>
        string.CompareOrdinal(left.Topic, right.Topic) is var byTopic and not 0 ? byTopic : left.Partition.CompareTo(right.Partition));

    public IReadOnlyList<IReadOnlyCollection<string>> Copartitioned { get; private set; } = [];

    public void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener listener)
    {
        lock (log.Gate)
        {
            Copartitioned = copartitioned;
            this.listener = listener;
            group.Join(this);
            log.Changed();
        }
    }

    public void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions)
    {
        exhaustedAtVersion = -1;
        fetchPositions.Clear();
        foreach (var (partition, offset) in positions)
        {
            fetchPositions.Add(partition, offset);
        }
    }

    public void Poll(FetchedRecords into, TimeSpan timeout)
    {
        var changed = Rebalance();
        lock (log.Gate)
        {
            Fetch(into);
            if (into.Count > 0 || changed || isWoken || timeout <= TimeSpan.Zero)
            {
                isWoken = false;
                return;
            }

            // One wait is enough: the caller polls again, and an early return is no harm.
            Monitor.Wait(log.Gate, timeout);
            isWoken = false;
        }

        Rebalance();
        lock (log.Gate)
        {
            Fetch(into);
        }
    }

    public void Pause(TopicPartition partition) => paused.Add(partition);

    public void Resume(TopicPartition partition)
    {
        paused.Remove(partition);
        exhaustedAtVersion = -1;
    }

    public void Commit(LogCommit commit) => log.Commit(commit, group);

    public IStoreBase OpenStore(StoreSpec store, TaskId task) => log.Store(store.Name, task.Partition);

    public void Wake()
    {
        lock (log.Gate)
        {
            isWoken = true;
            Monitor.PulseAll(log.Gate);
        }
    }

    public void Dispose()
    {
        lock (log.Gate)
        {
            group.Leave(this);
            log.Changed();
        }
    }

    void Fetch(FetchedRecords into)
    {
        into.Clear();
        if (exhaustedAtVersion == log.Version)
        {
            return;
        }

        foreach (var (partition, offset) in fetchPositions.ToList())
        {
            if (into.IsFull)
            {
                break;
            }

            if (!paused.Contains(partition))
            {
                fetchPositions[partition] = offset + log.Partition(partition).Read(partition, offset, into.RecordsMax - into.Count, into);
            }
        }

        exhaustedAtVersion = into.Count == 0 ? log.Version : -1;
    }

    /// <summary>Gives up and takes partitions; the listener is called outside of the lock, and takes over before anything is fetched.</summary>
    bool Rebalance()
    {
        if (listener is null)
        {
            return false;
        }

        HashSet<TopicPartition> target;
        lock (log.Gate)
        {
            if (knownGeneration == group.Generation)
            {
                return false;
            }

            knownGeneration = group.Generation;
            target = group.TargetOf(this, topic => log.Topic(topic).Length);
        }

        var revoked = fetchPositions.Keys.Where(partition => !target.Contains(partition)).ToList();
        if (revoked.Count > 0)
        {
            listener.Revoked(revoked);
            revoked.ForEach(partition => fetchPositions.Remove(partition));
        }

        List<TopicPartition> taken;
        lock (log.Gate)
        {
            group.GiveUp(this, revoked);
            taken = group.Take(this, target);
            exhaustedAtVersion = -1;
            taken.ForEach(partition => fetchPositions.Add(partition, group.Positions.GetValueOrDefault(partition)));
            if (revoked.Count > 0)
            {
                log.Changed();
            }
        }

        if (taken.Count > 0)
        {
            listener.Assigned(taken);
        }

        return revoked.Count + taken.Count > 0;
    }
}
