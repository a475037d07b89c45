using System.Diagnostics;
using StreamSettle.Streams.Embedded.Commits;
using StreamSettle.Streams.Embedded.Groups;
using StreamSettle.Streams.Embedded.Reading;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Embedded;

/// <summary>One stream thread's connection. One that never subscribes may commit outputs and metadata all the same.</summary>
internal sealed class EmbeddedClient : ILogClient
{
    readonly LogParts parts;
    readonly ConsumerGroup group;
    readonly string name;
    readonly WakeSignal signal = new();
    readonly CommitBatch commitBatch;
    readonly BatchReader reader;
    readonly List<FetchSource> sources = [];
    GroupMember? member;
    IAssignmentListener? listener;
    bool disposed;

    public EmbeddedClient(LogParts parts, ConsumerGroup group, string name, EmbeddedLogOptions options)
    {
        this.parts = parts;
        this.group = group;
        this.name = name;
        commitBatch = new CommitBatch(parts.Families, parts.Topics, parts.Groups);
        reader = new BatchReader(parts.Database, parts.Families.Log, options.PollRecords, options.PollBytes);
    }

    /// <summary>Whoever left the group is refused by itself, whatever it commits.</summary>
    public bool CommitsMovedPositionsOnly => true;

    public void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener listener)
    {
        if (member is not null)
        {
            throw new InvalidOperationException("a client subscribes once");
        }

        TopicSet[] sets = [.. copartitioned.Where(topics => topics.Count > 0).Select(topics => TopicSet.Of(topics, parts.Topics.CountOf))];
        parts.Committer.Enlist(group, sets.SelectMany(set => set.Topics).SelectMany(topic =>
            Enumerable.Range(0, parts.Topics.CountOf(topic)).Select(partition => parts.Topics.Find(new TopicPartition(topic, partition)))));
        this.listener = listener;
        member = new GroupMember(name, sets, signal);
        group.Join(member);
    }

    public void Follow(IReadOnlyCollection<string> topics) => Assign(
        [.. topics.SelectMany(topic => Enumerable.Range(0, parts.Topics.CountOf(topic)).Select(partition => new TopicPartition(topic, partition)))
            .Select(partition => (partition, CommittedPosition(partition)))]);

    public void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions)
    {
        StopReading(source => !source.IsMember);
        Read(positions.Select(position => new FetchSource(parts.Topics.Find(position.Partition), position.Offset, isMember: false)));
    }

    public void Poll(FetchedRecords into, TimeSpan timeout)
    {
        into.Clear();
        var deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Stopwatch.GetTimestamp() + (long)Math.Min(timeout.TotalSeconds * Stopwatch.Frequency, long.MaxValue / 2.0);
        while (true)
        {
            var news = signal.News;
            FollowAssignment();
            Fetch(into);
            if (into.Count > 0 || !signal.WaitForNews(news, deadline))
            {
                return;
            }
        }
    }

    public void Pause(TopicPartition partition) => SetPaused(partition, true);

    public void Resume(TopicPartition partition) => SetPaused(partition, false);

    public long CommittedPosition(TopicPartition partition) => group.Position(parts.Topics.Find(partition));

    /// <summary>A synced write is quicker than another thread would be: it is always done when this returns.</summary>
    public bool BeginCommit(LogCommit commit)
    {
        if (commit.IsEmpty)
        {
            return true;
        }

        if (disposed)
        {
            throw new ClientFencedException($"client '{name}' has left the group, so it commits nothing any more");
        }

        parts.Enter();
        try
        {
            commitBatch.Fill(commit, group);
            parts.Committer.Commit(commitBatch, group, sync: !commit.MayBeDoneAgain);
        }
        catch (TransactionAbortedException)
        {
            Rewind();
            throw;
        }
        finally
        {
            parts.Database.Exit();
        }

        commitBatch.TellReaders(signal);
        return true;
    }

    public void FinishCommit()
    {
        // It was done when it began.
    }

    public IStoreBase OpenStore(StoreSpec store, TaskId task) => new RocksStore(parts.Database, parts.Families.OfStore(store), store.PartitionOf(task));

    public void Wake() => signal.Wake();

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        StopReading(_ => true);
        if (member is not null)
        {
            group.Leave(member);
        }
    }

    void Fetch(FetchedRecords into)
    {
        parts.Enter();
        try
        {
            reader.Read(sources, into);
        }
        finally
        {
            parts.Database.Exit();
        }
    }

    /// <summary>Gives up what others are to have, then takes what is free: told to the listener in this order.</summary>
    void FollowAssignment()
    {
        if (member is null || member.SeenVersion == group.Version)
        {
            return;
        }

        member.SeenVersion = group.Version;
        var leaving = group.Leaving(member);
        if (leaving.Count > 0)
        {
            var revoked = PartitionsOf(leaving);
            listener!.Revoked(revoked);
            StopReading(source => source.IsMember && revoked.Contains(source.Log.Partition));
            group.Release(leaving);
        }

        var coming = group.Take(member);
        if (coming.Count > 0)
        {
            var assigned = PartitionsOf(coming);
            Read(assigned.Select(parts.Topics.Find).Select(log => new FetchSource(log, group.Position(log), isMember: true)));
            listener!.Assigned(assigned);
        }
    }

    void Read(IEnumerable<FetchSource> added)
    {
        foreach (var source in added)
        {
            source.Log.Readers.Add(signal);
            sources.Add(source);
        }
    }

    void StopReading(Predicate<FetchSource> which)
    {
        foreach (var source in sources.Where(source => which(source)))
        {
            source.Log.Readers.Remove(signal);
        }

        sources.RemoveAll(which);
    }

    /// <summary>After a commit that did not happen everything that was fetched since the last one is fetched again.</summary>
    void Rewind()
    {
        foreach (var source in sources.Where(source => source.IsMember))
        {
            source.Next = group.Position(source.Log);
        }
    }

    void SetPaused(TopicPartition partition, bool paused)
    {
        foreach (var source in sources)
        {
            if (source.Log.Partition == partition)
            {
                source.Paused = paused;
            }
        }
    }

    HashSet<TopicPartition> PartitionsOf(IReadOnlyList<ShareOfWork> shares) =>
        [.. shares.SelectMany(share => share.Set.Topics
            .Where(topic => share.Partition < parts.Topics.CountOf(topic))
            .Select(topic => new TopicPartition(topic, share.Partition)))];
}
