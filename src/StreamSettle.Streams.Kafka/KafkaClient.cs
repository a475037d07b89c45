using Confluent.Kafka;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Groups;
using StreamSettle.Streams.Kafka.Positions;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka;

/// <summary>
/// One stream thread's connection: a member by its lead topic, a reader of the partitions that are its own by that, a transactional producer. Who follows, assigns or
/// only writes has less of it.
/// </summary>
internal sealed class KafkaClient : ILogClient, IMembershipListener
{
    /// <summary>While something is awaited from the brokers a round does not wait longer for records, nor does it spin.</summary>
    const int AwaitingMs = 5;

    /// <summary>What is restored does not fill the poll, but its round has to end: the group wants to hear of us, and others of the thread's tasks run.</summary>
    const int ReadsMax = 20;

    /// <summary>As long as a stop waits for leaving the group.</summary>
    static readonly TimeSpan LastNotePatience = Departure.Patience;

    readonly KafkaParts parts;
    readonly KafkaLog log;
    readonly string group;
    readonly string member;
    readonly string transactionalId;
    readonly PolledRecords polled = new();
    readonly GroupPositions positions;
    readonly LogCommit renewal = new();
    readonly ComingPartitions coming;
    readonly HashSet<int> owned = [];
    readonly WithoutPartitions withoutPartitions;
    IReadOnlyList<string> topics = [];
    RecordReader? reader;
    Membership? membership;
    IAssignmentListener? listener;
    FollowedTopics? followed;
    IRecordProducer? producer;
    LogTransaction? transaction;
    long lastLook;
    bool followsAnew;
    bool isOpen;
    bool hasFailed;
    bool disposed;

    public KafkaClient(KafkaParts parts, KafkaLog log, string group, string member)
    {
        this.parts = parts;
        this.log = log;
        this.group = group;
        this.member = member;
        transactionalId = parts.Settings.TransactionalId(member);
        positions = new(parts.Options, parts.Time, group, log.IdOf);
        coming = new(parts, log, group);
        withoutPartitions = new(parts, group, transactionalId);
    }

    public void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener listener)
    {
        this.listener = listener;
        topics = [.. copartitioned.SelectMany(set => set).Distinct()];

        // Every instance has to take the same one; the one with most partitions has an index for all of them.
        positions.LeadTopic = topics.OrderByDescending(log.Partitions).ThenBy(topic => topic, StringComparer.Ordinal).First();
        membership = new(parts.Settings.Member(group, member), positions.LeadTopic, this, new(parts.Time, parts.Logger));
    }

    public void Follow(IReadOnlyCollection<string> topics)
    {
        var partitions = topics.SelectMany(topic => Enumerable.Range(0, log.Partitions(topic)).Select(partition => new TopicPartition(topic, partition))).ToList();
        followsAnew = parts.Copy.FollowsAnew(partitions);
        followed = new(parts.Settings.Follower(group, member), parts.Time, parts.Undecided, transactionalId);
        foreach (var partition in partitions)
        {
            followed.Add(partition, CommittedPosition(partition));
            parts.KnownEnds[partition] = followed.Partitions[partition];
        }
    }

    public void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions)
    {
        foreach (var (partition, offset) in positions)
        {
            Reader.Add(partition, offset, target: null);
        }
    }

    public void Poll(FetchedRecords into, TimeSpan timeout)
    {
        into.Clear();
        try
        {
            var timeoutMs = (int)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalMilliseconds));
            if (followed is not null)
            {
                followed.Poll(into, timeoutMs);
                parts.Health.Happened(transactionalId);
                return;
            }

            if (membership is not null)
            {
                Producer.Initialize();
                membership.Poll();
                TakeComing();
                RenewIfDue();
            }

            Read(into, timeoutMs);
            parts.Undecided.Look(transactionalId, Reader, ref lastLook);
        }
        catch (KafkaException failed)
        {
            throw Failed(KafkaFailure.Aborted(failed));
        }
        catch (TransactionAbortedException aborted)
        {
            throw Failed(aborted);
        }
    }

    public void Pause(TopicPartition partition) => Reader.Pause(partition);

    public void Resume(TopicPartition partition) => Reader.Resume(partition);

    public long CommittedPosition(TopicPartition partition) =>
        membership is not null ? positions.Of(partition) : followsAnew ? 0 : parts.Copy.PositionOf(partition);

    public bool WriteAhead(LogCommit outputs)
    {
        if (disposed || followed is not null)
        {
            return false;
        }

        isOpen = true;
        Attempt(transaction => transaction.WriteAhead(outputs));
        return true;
    }

    public bool BeginCommit(LogCommit commit)
    {
        if (commit.IsEmpty)
        {
            return true;
        }

        if (disposed)
        {
            throw new ClientFencedException($"client '{member}' has left the group, so it commits nothing any more");
        }

        if (followed is not null)
        {
            parts.Copy.Write(commit);
            return true;
        }

        isOpen = true;
        positions.Complete(commit);
        Attempt(transaction => transaction.Begin(commit, membership?.Metadata));
        return false;
    }

    public void FinishCommit() => FinishCommit(LogTransaction.AnswerPatience);

    void FinishCommit(TimeSpan patience)
    {
        try
        {
            if (transaction?.Finish(patience) is { } moved)
            {
                isOpen = false;
                positions.Committed(moved);
                parts.Purge.Committed(moved);
                parts.Health.Happened(transactionalId);
            }
        }
        catch (TransactionAbortedException aborted)
        {
            transaction!.Abort();
            throw Failed(aborted);
        }
    }

    public IStoreBase OpenStore(StoreSpec store, TaskId task)
    {
        if (!store.Global)
        {
            parts.Self.Opened(transactionalId, group, store.Name, task.Partition);
            return new ChangelogStore(parts, store, task, () => Reader, log.EndOffset) { IsDecided = () => !isOpen && !hasFailed, OnClosed = () => parts.Self.Closed(transactionalId, group, store.Name, task.Partition) };
        }

        if (followsAnew)
        {
            parts.Copy.Clear(store, task);
        }

        return parts.Copy.Read(store, task);
    }

    public void Wake()
    {
        followed?.Wake();
        reader?.Wake();
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        parts.Undecided.Forget(transactionalId);
        transaction?.Abort();
        NoteLast();

        // Before the group may give them to others.
        parts.Self.GiveUp(transactionalId, group, owned);
        membership?.Dispose();
        Forget([.. owned.SelectMany(PartitionsOf)]);
        foreach (var partition in followed?.Partitions.Keys ?? [])
        {
            parts.KnownEnds.TryRemove(partition, out _);
        }

        followed?.Dispose();
        reader?.Dispose();
        producer?.Dispose();
    }

    void IMembershipListener.Coming(IReadOnlyList<int> indexes) => coming.Add(indexes);

    void IMembershipListener.Leaving(IReadOnlyList<int> indexes)
    {
        coming.Remove(indexes);
        GiveUp(indexes, listener!.Revoked);
        parts.Self.GiveUp(transactionalId, group, indexes);
    }

    void IMembershipListener.Lost(IReadOnlyList<int> indexes)
    {
        coming.Remove(indexes);
        GiveUp(indexes, listener!.Lost);
        parts.Self.GiveUp(transactionalId, group, indexes);
    }

    RecordReader Reader => reader ??= parts.Settings.Reader(group, member, startsAnew: false);

    IRecordProducer Producer => producer ??= !parts.Options.ExactlyOnce
        ? new PlainProducer(parts.Settings.PlainProducer(member), positions => membership!.Commit(positions))
        : membership is null ? new TransactionalProducer(parts.Settings.Producer(member), parts.Time) : AlternatingProducer.Of(parts, member);

    void Read(FetchedRecords into, int timeoutMs)
    {
        var isAwaiting = coming.Indexes.Count > 0 || Reader.HasTargets;
        polled.Into = into;
        var read = Reader.Read(polled, isAwaiting ? AwaitingMs : timeoutMs);
        for (var reads = 1; read == RecordReader.MessagesMax && !into.IsFull && reads < ReadsMax; reads++)
        {
            read = Reader.Read(polled, timeoutMs: 0);
        }
    }

    void TakeComing()
    {
        if (coming.Indexes.Count == 0 || coming.Find(Reader, [.. coming.Indexes.SelectMany(PartitionsOf)]) is not { } found)
        {
            return;
        }

        owned.UnionWith(coming.Indexes);
        parts.Self.Claim(transactionalId, group, coming.Indexes);
        coming.Clear();
        foreach (var position in found)
        {
            positions.Take(position);
            parts.KnownEnds[position.Partition] = Reader.Add(position.Partition, position.Next, target: null);
        }

        listener!.Assigned([.. found.Select(position => position.Partition)]);
    }

    /// <summary>
    /// Not while anything else is under way, which carries them too. Also after commits that did not happen: where there is nothing to do, that they do again would show only when there is.
    /// </summary>
    void RenewIfDue()
    {
        if (owned.Count == 0 && coming.Indexes.Count == 0)
        {
            withoutPartitions.Look(membership!);
        }
        else if (owned.Count > 0 && !isOpen && (positions.IsDue || parts.Health.IsFailing(transactionalId)))
        {
            renewal.Clear();
            positions.Complete(renewal);
            Renew(LogTransaction.AnswerPatience);
        }
    }

    /// <summary>Whoever begins after a long time finds exactly where this member ended. Where that cannot be written soon the note stays behind, which is never wrong.</summary>
    void NoteLast()
    {
        if (isOpen || hasFailed || owned.Count == 0)
        {
            return;
        }

        try
        {
            if (!parts.Options.ExactlyOnce)
            {
                // A note goes before the positions there, and one that was put out must not write over its heir's: it learns of that here.
                renewal.Clear();
                positions.Complete(renewal);
                Renew(LastNotePatience);
            }

            renewal.Clear();
            positions.CompleteLast(renewal);
            Renew(LastNotePatience);
        }
        catch (TransactionAbortedException)
        {
            transaction?.Abort();
        }
    }

    void Renew(TimeSpan patience)
    {
        Attempt(transaction => transaction.Begin(renewal, membership!.Metadata));
        FinishCommit(patience);
    }

    void Attempt(Action<LogTransaction> act)
    {
        try
        {
            Producer.Initialize();
            transaction ??= new(Producer, parts.Copy, parts.Options, parts.Time);
            act(transaction);
        }
        catch (KafkaException failed)
        {
            transaction?.Abort();
            throw Failed(KafkaFailure.Aborted(failed));
        }
        catch (TransactionAbortedException aborted)
        {
            transaction?.Abort();
            throw Failed(aborted);
        }
    }

    void GiveUp(IReadOnlyList<int> indexes, Action<IReadOnlyCollection<TopicPartition>> tell)
    {
        var leaving = indexes.Where(owned.Contains).ToList();
        if (leaving.Count > 0)
        {
            var partitions = leaving.SelectMany(PartitionsOf).ToList();
            tell(partitions);
            Reader.Remove(partitions);
            Forget(partitions);
            owned.ExceptWith(leaving);
        }
    }

    void Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        positions.Forget(partitions);
        foreach (var partition in partitions)
        {
            parts.KnownEnds.TryRemove(partition, out _);
        }
    }

    IEnumerable<TopicPartition> PartitionsOf(int index) =>
        topics.Where(topic => index < log.Partitions(topic)).Select(topic => new TopicPartition(topic, index));

    TransactionAbortedException Failed(TransactionAbortedException aborted)
    {
        hasFailed = true;
        if (membership is not null || followed is not null)
        {
            // Who only writes tells its caller, and may never write again.
            parts.Health.Failed(transactionalId, aborted.Message);
        }

        return aborted;
    }
}
