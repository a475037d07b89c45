using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Runtime;

/// <summary>
/// What a stream thread does, one round a call: poll, process, punctuate, drain mailboxes, commit. The driver calls it without a thread.
/// </summary>
sealed class StreamWorker : IAssignmentListener, IDisposable
{
    // Above it a partition that runs ahead of the others of its task is not fetched until it is processed.
    const int BufferedRecordsMax = 20_000;

    // The longest idle wait: a wall clock that was set forward is noticed by then.
    static readonly TimeSpan IdleWaitMax = TimeSpan.FromMilliseconds(100);

    readonly TaskEnvironment application;
    readonly WorkerOptions options;
    readonly GlobalStores globals;
    readonly IReadOnlyList<SubTopology> subTopologies;
    readonly List<StreamTask> tasks = [];
    readonly OutputCollector outputs;
    readonly TaskTransaction transaction;
    readonly Bell bell;
    RecordIntake intake;
    ILogClient client;
    long lastCommit;
    int sinceCommit;
    bool commitIsRequested;
    bool assignmentIsLost;
    bool assignmentHasChanged;

    // Both spare an idle round the walk over all tasks.
    bool mayHaveRecords;
    bool mayBeUncommitted;

    public StreamWorker(TaskEnvironment application, WorkerOptions options, GlobalStores globals, IReadOnlyList<SubTopology> subTopologies)
    {
        this.application = application;
        this.options = options;
        this.globals = globals;
        this.subTopologies = subTopologies;
        outputs = new(application.Topology);
        transaction = new(outputs);
        bell = new(() => Wake());
        lastCommit = application.Time.GetTimestamp();
        intake = NewIntake();
        client = OpenClient();
    }

    public WorkerCounters Counters { get; } = new();

    /// <summary>µs of the next wall-clock punctuation of any task; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextWallPunctuationUs
    {
        get
        {
            var next = long.MaxValue;
            foreach (var task in tasks)
            {
                next = Math.Min(next, task.NextWallPunctuationUs);
            }

            return next;
        }
    }

    /// <summary>One round; waits at most <paramref name="waitMax"/> for records. Returns whether anything was done.</summary>
    public bool RunOnce(TimeSpan waitMax)
    {
        try
        {
            assignmentHasChanged = false;
            var fetched = intake.Poll(client, WaitTime(waitMax));
            if (assignmentIsLost)
            {
                Restart();
                return true;
            }

            globals.CatchUp();
            mayHaveRecords |= fetched > 0;
            var worked = ProcessAvailable() | Punctuate() | DrainMailboxes();
            mayBeUncommitted |= worked;
            return CommitIfDue(isIdle: fetched == 0) | worked | fetched > 0 | assignmentHasChanged;
        }
        catch (TransactionAbortedException exception)
        {
            options.OnAborted(exception);
            Restart();
            return true;
        }
    }

    /// <summary>Commits what is open, now.</summary>
    public bool Commit()
    {
        commitIsRequested = false;
        mayBeUncommitted = false;
        sinceCommit = 0;
        lastCommit = application.Time.GetTimestamp();
        var any = transaction.Commit(client, tasks);
        if (any)
        {
            Counters.Committed(UtcInstant.Now(application.Time));
        }

        return any;
    }

    /// <summary>Ends a wait for records. Thread-safe.</summary>
    public void Wake() => Volatile.Read(ref client).Wake();

    public void Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        var topics = partitions.ToHashSet();
        var thread = new ThreadEnvironment(options.Group, client, outputs, bell, () => commitIsRequested = true);
        foreach (var partition in partitions.Select(partition => partition.Partition).Distinct().Order())
        {
            foreach (var subTopology in subTopologies.Where(sub => topics.Contains(new(sub.SourceTopics[0], partition))))
            {
                Open(new(application, thread, TaskPlan.Of(subTopology, partition, application.Topology.ApplicationId)));
            }
        }

        assignmentHasChanged = mayBeUncommitted = true;
    }

    public void Revoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        Commit();
        foreach (var task in tasks.Where(task => partitions.Contains(task.Queues[0].Partition)).ToList())
        {
            Close(task);
            tasks.Remove(task);
        }

        Publish();
        assignmentHasChanged = true;
    }

    // Outputs of lost and kept tasks are in the same batches, so all of it is void.
    public void Lost(IReadOnlyCollection<TopicPartition> partitions) => assignmentIsLost = true;

    /// <summary>Drops all that is not committed and goes on from the committed state, as after a crash.</summary>
    public void Restart()
    {
        Dispose();
        intake = NewIntake();
        Volatile.Write(ref client, OpenClient());
    }

    /// <summary>Closes the tasks without a commit and leaves the group.</summary>
    public void Dispose()
    {
        try
        {
            tasks.ForEach(Close);
        }
        finally
        {
            tasks.Clear();
            outputs.Clear();
            commitIsRequested = assignmentIsLost = mayHaveRecords = mayBeUncommitted = false;
            Publish();
            client.Dispose();
        }
    }

    bool ProcessAvailable()
    {
        if (!mayHaveRecords)
        {
            return false;
        }

        var any = mayHaveRecords = false;
        foreach (var task in tasks)
        {
            task.ForgetCaughtUp();
            while (task.ProcessNext())
            {
                any = true;
                if (commitIsRequested || ++sinceCommit >= options.RecordsPerCommitMax)
                {
                    Commit();
                }
            }

            BackPressure(task);
            mayHaveRecords |= task.HasBuffered;
        }

        return any;
    }

    void BackPressure(StreamTask task)
    {
        foreach (var queue in task.Queues)
        {
            var isFull = queue.Buffered > BufferedRecordsMax;
            if (isFull == queue.IsPaused)
            {
                continue;
            }

            queue.IsPaused = isFull;
            if (isFull)
            {
                client.Pause(queue.Partition);
            }
            else
            {
                client.Resume(queue.Partition);
            }
        }
    }

    bool Punctuate()
    {
        var nowUs = UtcInstant.Now(application.Time).Microseconds;
        var any = false;
        foreach (var task in tasks)
        {
            if (task.PunctuateWallClock(nowUs))
            {
                any = true;
                CommitIfRequested();
            }
        }

        return any;
    }

    bool DrainMailboxes()
    {
        var any = false;
        if (bell.Answer())
        {
            foreach (var task in tasks)
            {
                any |= task.DrainMailboxes();
                CommitIfRequested();
            }
        }

        return any;
    }

    void CommitIfRequested()
    {
        if (commitIsRequested)
        {
            Commit();
        }
    }

    bool CommitIfDue(bool isIdle)
    {
        if (commitIsRequested)
        {
            return Commit();
        }

        if (!mayBeUncommitted || !(isIdle || application.Time.GetElapsedTime(lastCommit) >= options.CommitInterval || transaction.Bytes(tasks) >= options.BytesPerCommitMax))
        {
            return false;
        }

        mayBeUncommitted = transaction.IsOpen(tasks);
        return mayBeUncommitted && Commit();
    }

    TimeSpan WaitTime(TimeSpan waitMax)
    {
        if (bell.HasRung || mayBeUncommitted)
        {
            return TimeSpan.Zero;
        }

        var wait = waitMax < IdleWaitMax ? waitMax : IdleWaitMax;
        var untilPunctuationUs = NextWallPunctuationUs is var next && next == long.MaxValue ? long.MaxValue : next - UtcInstant.Now(application.Time).Microseconds;
        return untilPunctuationUs >= wait.Ticks / TimeSpan.TicksPerMicrosecond ? wait : TimeSpan.FromMicroseconds(Math.Max(0, untilPunctuationUs));
    }

    void Open(StreamTask task)
    {
        tasks.Add(task);
        Array.ForEach(task.Queues, intake.Register);
        task.Init();
        Publish();
    }

    void Close(StreamTask task)
    {
        Array.ForEach(task.Queues, intake.Unregister);
        task.Dispose();
    }

    void Publish() => Counters.Tasks = [.. tasks.Select(task => task.Counters)];

    RecordIntake NewIntake() => new(options.PollRecordsMax, options.PollBytesMax);

    ILogClient OpenClient()
    {
        var opened = application.Log.OpenClient(options.Group, options.Member);
        opened.Subscribe([.. subTopologies.Select(sub => sub.SourceTopics)], this);
        return opened;
    }
}
