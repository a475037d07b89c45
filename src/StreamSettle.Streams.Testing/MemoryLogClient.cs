using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Testing;

/// <summary>A member of a group, or a reader of given partitions, of a <see cref="MemoryLog"/>.</summary>
sealed class MemoryLogClient(MemoryLog log, MemoryGroup group, Hostility? hostility) : ILogClient
{
    readonly SortedDictionary<TopicPartition, long> fetchPositions = new(ByTopicAndPartition);
    readonly HashSet<TopicPartition> paused = [];
    IAssignmentListener? listener;
    bool isWoken;
    long knownGeneration;
    long exhaustedAtVersion = -1;
    LogCommit? begun;

    static IComparer<TopicPartition> ByTopicAndPartition { get; } = Comparer<TopicPartition>.Create((left, right) =>
        string.CompareOrdinal(left.Topic, right.Topic) is var byTopic and not 0 ? byTopic : left.Partition.CompareTo(right.Partition));

    public MemoryGroup Group => group;

    /// <summary>The group goes on without it. Guarded by the log's lock.</summary>
    public bool IsFenced { get; set; }

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

    public void Follow(IReadOnlyCollection<string> topics) => Assign(
        [.. topics.SelectMany(topic => Enumerable.Range(0, log.Partitions(topic)).Select(partition => new TopicPartition(topic, partition)))
            .Select(partition => (partition, CommittedPosition(partition)))]);

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
        into.Clear();
        if (TellFenced())
        {
            return;
        }

        var changed = Rebalance();
        lock (log.Gate)
        {
            Fetch(into);
            if (into.Count > 0 || into.Progress.Count > 0 || changed || isWoken || timeout <= TimeSpan.Zero)
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

    public long CommittedPosition(TopicPartition partition)
    {
        lock (log.Gate)
        {
            return group.Positions.GetValueOrDefault(partition);
        }
    }

    public bool BeginCommit(LogCommit commit)
    {
        if (begun is not null)
        {
            throw new InvalidOperationException("a commit is begun already: finish it first");
        }

        begun = commit;
        if (hostility?.Delays() == true)
        {
            return false;
        }

        FinishCommit();
        return true;
    }

    public void FinishCommit()
    {
        if (begun is { } commit)
        {
            begun = null;
            log.Commit(commit, this);
        }
    }

    /// <summary>A transaction that carries positions of what its member has no longer is refused. Under the log's lock.</summary>
    public void CheckMembership(LogCommit commit)
    {
        if (listener is not null && hostility?.Fences() == true)
        {
            IsFenced = true;
            group.Leave(this);
            log.Changed();
        }

        if (listener is not null && commit.Positions.Exists(position => !group.Owns(this, position.Partition)))
        {
            throw new ClientFencedException("the group has given this member's partitions to others");
        }
    }

    public IStoreBase OpenStore(StoreSpec store, TaskId task)
    {
        var committed = log.Store(store.Name, task.Partition);
        return hostility is null ? committed : new PiecemealStore(committed, hostility.Pieces());
    }

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

    /// <summary>A member that was put out is told so by its poll.</summary>
    bool TellFenced()
    {
        List<TopicPartition> lost;
        lock (log.Gate)
        {
            if (listener is null || !(IsFenced || (fetchPositions.Count > 0 && hostility?.Fences() == true)))
            {
                return false;
            }

            IsFenced = true;
            group.Leave(this);
            log.Changed();
            lost = [.. fetchPositions.Keys];
            fetchPositions.Clear();
        }

        listener.Lost(lost);
        return true;
    }

    void Fetch(FetchedRecords into)
    {
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
                Fetch(partition, offset, into);
            }
        }

        exhaustedAtVersion = into.Count == 0 && into.Progress.Count == 0 ? log.Version : -1;
    }

    void Fetch(TopicPartition partition, long offset, FetchedRecords into)
    {
        var from = log.Partition(partition);
        var index = from.IndexOf(offset);
        var max = into.RecordsMax - into.Count;
        if (hostility is not null && index < from.Count)
        {
            var again = Math.Min(index, hostility.Again());
            (index, max) = (index - again, hostility.Records(max) + again);
        }

        var before = into.Count;
        var next = from.Read(partition, index, max, into);
        var read = into.Count - before;
        if (next > offset && (read == 0 || next > from.OffsetOf(index + read - 1) + 1))
        {
            into.AddProgress(partition, next);
        }

        fetchPositions[partition] = Math.Max(offset, next);
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
