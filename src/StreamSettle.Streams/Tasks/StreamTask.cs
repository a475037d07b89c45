using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>One partition of a sub-topology: its processors, stores, input queues and times. Used by one thread.</summary>
sealed class StreamTask : IDisposable
{
    // Between two tries to read a record that cannot be read yet.
    static readonly TimeSpan HoldBackPause = TimeSpan.FromMilliseconds(100);

    readonly TaskEnvironment application;
    readonly ThreadEnvironment thread;
    readonly TaskNodes nodes;
    readonly TaskStates states;
    readonly IReadOnlyList<StoreSpec> stores;
    readonly RecordQueue[] queues;
    readonly List<ITaskMailbox> mailboxes = [];
    readonly PunctuationSchedules streamPunctuations = new();
    readonly PunctuationSchedules wallPunctuations;
    long streamTimeMs = long.MinValue;
    int round;
    bool isTouched;
    RecordQueue? heldBack;
    MonotonicInstant heldBackUntil;

    /// <summary>Makes the nodes and queues; <see cref="Open"/> comes next.</summary>
    public StreamTask(TaskEnvironment application, ThreadEnvironment thread, TaskPlan plan)
    {
        this.application = application;
        this.thread = thread;
        Id = plan.Id;
        round = plan.Id.Partition;
        stores = plan.Stores;
        wallPunctuations = new(thread.PunctuationsChanged);
        states = new(plan.Id);
        nodes = new(this, plan);
        queues = [.. plan.Inputs.Select(input => new RecordQueue(input.Partition, nodes.Source(input.Source), thread.Client.CommittedPosition(input.Partition), application.Log.KnownEndOf(input.Partition)))];
        Counters = new(plan.Id, queues, states);
    }

    public TaskId Id { get; }

    public TaskState State => states.Current;

    public OverlayStore[] StoreList { get; private set; } = [];

    public RecordQueue[] Queues => queues;

    public TaskCounters Counters { get; }

    public RecordMetadata Metadata { get; private set; }

    public long StreamTimeMs => streamTimeMs;

    public UtcInstant SystemTime => UtcInstant.Now(application.Time);

    public MonotonicInstant MonotonicTime => MonotonicInstant.Now(application.Time);

    /// <summary>Monotonic µs of the next wall-clock punctuation; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextWallPunctuationUs => wallPunctuations.NextDueUs;

    /// <summary>The same of those that wake the thread.</summary>
    public long NextWakeUs => wallPunctuations.NextWakeUs;

    /// <summary>Records wait for another partition of the task to be fetched.</summary>
    public bool HasBuffered
    {
        get
        {
            foreach (var queue in queues)
            {
                if (queue.HasNext)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The next record cannot be read yet, and so nothing is processed.</summary>
    public bool IsHeldBack => heldBack is not null;

    /// <summary>Opens the stores.</summary>
    public void Open()
    {
        states.Go(TaskState.Restoring);
        foreach (var store in stores)
        {
            StoreList = [.. StoreList, new OverlayStore(store, thread.Client.OpenStore(store, Id), thread.Open)];
        }

        Counters.Stores = StoreList;
    }

    /// <summary>Brings a piece of what was committed into each store, side by side, because each waits for its own topic; true when nothing is missing any more.</summary>
    public bool Restore()
    {
        var isComplete = true;
        foreach (var store in StoreList)
        {
            isComplete &= !store.RestoreMore();
        }

        return isComplete;
    }

    /// <summary>Calls <c>Init</c> of every processor, parents first.</summary>
    public void Init()
    {
        LeaveRecord();
        Touch();
        nodes.Init();
        states.Go(TaskState.Running);
    }

    /// <summary>From here on nothing reaches its processors but their closing.</summary>
    public void Suspend()
    {
        states.Go(TaskState.Suspended);
        foreach (var mailbox in mailboxes)
        {
            mailbox.Close();
        }
    }

    /// <summary>
    /// Processes the record with the smallest timestamp; false when there is none, when an empty partition has more in the log, which could be earlier, or when it cannot be
    /// read yet.
    /// </summary>
    public bool ProcessNext()
    {
        if (IsHeldBack && MonotonicTime < heldBackUntil)
        {
            return false;
        }

        // It stays the next one: others may be known of that nobody fetches while it waits.
        var queue = heldBack ?? (queues.Length == 1 ? (queues[0].HasNext ? queues[0] : null) : Choose());
        if (queue is null)
        {
            return false;
        }

        var record = queue.Take(out var offset);
        Metadata = new(queue.Partition.Topic, queue.Partition.Partition, offset);
        round = (int)(offset & int.MaxValue);
        Touch();
        if (!queue.Source.Process(record))
        {
            queue.PutBack();
            heldBack = queue;
            heldBackUntil = MonotonicTime + HoldBackPause;
            LeaveRecord();
            return false;
        }

        heldBack = null;
        queue.MoveNext();
        thread.Open.Any = true;
        Counters.Processed();
        PunctuateStreamTime();
        return true;
    }

    /// <summary>Asks the log anew, when needed, whether empty partitions have more: to be called after each poll.</summary>
    public void ForgetCaughtUp()
    {
        foreach (var queue in queues)
        {
            queue.ForgetCaughtUp();
        }
    }

    /// <summary>Fires the wall-clock punctuations whose intervals have passed.</summary>
    /// <param name="wall">What they are told.</param>
    public bool PunctuateWallClock(MonotonicInstant now, UtcInstant wall)
    {
        if (now.Microseconds < wallPunctuations.NextDueUs)
        {
            return false;
        }

        LeaveRecord();
        Touch();
        return wallPunctuations.Punctuate(now.Microseconds, wall);
    }

    /// <returns>How many messages there were.</returns>
    public int DrainMailboxes()
    {
        var count = 0;
        LeaveRecord();
        foreach (var mailbox in mailboxes)
        {
            count += mailbox.Drain();
        }

        if (count > 0)
        {
            Touch();
        }

        return count;
    }

    public void BeforeCommit()
    {
        LeaveRecord();
        nodes.BeforeCommit();
    }

    public void AfterCommit() => nodes.AfterCommit();

    /// <summary>What it did is committed, or was nothing.</summary>
    public void Settle() => isTouched = false;

    public void AdvanceStreamTime(long timestampMs) => streamTimeMs = Math.Max(streamTimeMs, timestampMs);

    /// <summary>Counts records without key, so that they go round the partitions; the same ones after a replay.</summary>
    public int NextRound() => round = (round + 1) & int.MaxValue;

    public TopicOutput OutputTo(TopicName topic) => thread.Outputs.Topic(topic.Resolve(application.Topology.ApplicationId));

    public OverlayStore Store(string name) => Array.Find(StoreList, store => store.Spec.Name == name)!;

    public object InputOf(string node) => nodes.InputOf(node);

    public RecordQueue Queue(string topic) =>
        queues.FirstOrDefault(queue => queue.Partition.Topic == topic) ?? throw new UserMistakeException($"task {Id} reads no topic '{topic}'");

    public long EndOffset(string topic) => application.Log.EndOffset(new(topic, Id.Partition));

    public IReadOnlyKeyValueStore OpenGlobalStore(string name, string processor) =>
        application.Topology.Globals.FirstOrDefault(global => global.Store?.Name == name) is { Store: { } store }
            ? application.Log.OpenCommittedView(store, 0)
            : throw new UserMistakeException($"processor '{processor}' asks for the global store '{name}', which the topology does not have");

    public IPunctuation Schedule(TimeSpan interval, PunctuationType type, Action<UtcInstant> punctuator, TimeSpan phase)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMicroseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(phase, TimeSpan.Zero);

        // Kafka Streams aligns stream time to the epoch, and the wall clock to the call, by which each task would wake its thread at a time of its own.
        var phaseUs = phase.Ticks / TimeSpan.TicksPerMicrosecond;
        return type == PunctuationType.StreamTime
            ? streamPunctuations.Add(phaseUs, interval, punctuator)
            : wallPunctuations.Add(PunctuationSchedules.NextOf(interval, phaseUs, MonotonicTime.Microseconds), interval, punctuator);
    }

    public Mailbox<T> OpenMailbox<T>(Action<T> handler)
    {
        var mailbox = new TaskMailbox<T>(thread.Bell, handler);
        mailboxes.Add(mailbox);
        return mailbox;
    }

    public void RequestCommit() => thread.RequestCommit();

    public void HurryCommit() => thread.HurryCommit();

    public void OnUnreadable(string source, scoped in RawRecord raw, SerdeException exception)
    {
        Counters.Unreadable();
        switch (application.OnDeserializationException(new(Id, source, Metadata), raw, exception))
        {
            case DeserializationHandlerResponse.Continue:
                break;
            case DeserializationHandlerResponse.DeadLetter letter:
                var topic = thread.Outputs.Topic(letter.Topic);
                var partition = letter.Key is null ? NextRound() % topic.Partitions : Murmur2.Partition(letter.Key, topic.Partitions);
                topic.Add(partition, new()
                {
                    TimestampMs = Math.Max(0, raw.TimestampMs), KeyIsNull = letter.Key is null, Key = letter.Key, ValueIsNull = letter.Value is null, Value = letter.Value,
                    Headers = letter.Headers,
                });
                break;
            default:
                throw new UnreadableRecordException($"task {Id}, source '{source}': the record at {Metadata.Topic}-{Metadata.Partition}, offset {Metadata.Offset}, cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Closes processors, mailboxes and stores, all of them though one fails; what is not committed is dropped.</summary>
    public void Dispose()
    {
        if (State == TaskState.Closed)
        {
            return;
        }

        if (State is TaskState.Restoring or TaskState.Running)
        {
            Suspend();
        }

        states.Go(TaskState.Closed);
        LeaveRecord();
        var failure = new FirstFailure();
        nodes.Close(failure);
        foreach (var store in StoreList)
        {
            failure.Run(store.Dispose);
        }

        failure.Throw();
    }

    RecordQueue? Choose()
    {
        RecordQueue? best = null;
        var anyEmpty = false;
        foreach (var queue in queues)
        {
            if (!queue.HasNext)
            {
                anyEmpty = true;
            }
            else if (best is null || queue.HeadTimestampMs < best.HeadTimestampMs)
            {
                best = queue;
            }
        }

        return best is null || (anyEmpty && !EmptyQueuesAreCaughtUp()) ? null : best;
    }

    bool EmptyQueuesAreCaughtUp()
    {
        foreach (var queue in queues)
        {
            if (!queue.HasNext && !queue.IsCaughtUp)
            {
                return false;
            }
        }

        return true;
    }

    void PunctuateStreamTime()
    {
        // No stream time before the first readable record; ms of real records stay far below the overflow in µs.
        var nowUs = streamTimeMs < 0 ? long.MinValue : streamTimeMs * 1000;
        if (nowUs >= streamPunctuations.NextDueUs)
        {
            LeaveRecord();
            streamPunctuations.Punctuate(nowUs, new(nowUs));
        }
    }

    /// <summary>A processor is called: the next commit is about this task too.</summary>
    void Touch()
    {
        if (!isTouched)
        {
            isTouched = true;
            thread.Touched.Add(this);
        }
    }

    void LeaveRecord() => Metadata = new(null, Id.Partition, -1);
}
