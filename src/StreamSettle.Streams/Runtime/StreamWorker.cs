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
    /// <summary>Between two looks at a record that cannot be read yet.</summary>
    internal static readonly TimeSpan HeldBackWait = TimeSpan.FromMilliseconds(100);

    // So many records are processed before somebody who waits is looked after.
    const int RecordsAtOnce = 64;

    readonly TaskEnvironment application;
    readonly WorkerOptions options;
    readonly GlobalStores globals;
    readonly IReadOnlyList<SubTopology> subTopologies;
    readonly WorkerTasks tasks;
    readonly OutputCollector outputs;
    readonly TaskTransaction transaction;
    readonly Bell bell;
    readonly CommitPace pace;
    readonly LingerWait lingering;
    readonly List<TaskPlan> assigned = [];
    ILogClient client;
    int sinceCommit;
    bool assignmentIsLost;
    bool assignmentHasChanged;

    // Both spare an idle round the walk over all tasks.
    bool mayHaveRecords;
    bool mayBeUncommitted;
    bool wasBusy;

    public StreamWorker(TaskEnvironment application, WorkerOptions options, GlobalStores globals, IReadOnlyList<SubTopology> subTopologies)
    {
        this.application = application;
        this.options = options;
        this.globals = globals;
        this.subTopologies = subTopologies;
        outputs = new(application.Topology);
        transaction = new(outputs);
        bell = new(() => Wake());
        lingering = new(bell);
        pace = new(options, application.Time);
        tasks = new(options);
        client = OpenClient();
    }

    public WorkerCounters Counters => tasks.Counters;

    /// <summary>Commits that did not happen since the last one that did.</summary>
    public int AbortsInARow { get; private set; }

    /// <summary>Until a record of a global topic can be read, nothing is processed, but the group still sees a member that polls.</summary>
    public bool IsHeldBack { get; private set; }

    /// <inheritdoc cref="WorkerTasks.NextWallPunctuationUs"/>
    public long NextWallPunctuationUs => tasks.NextWallPunctuationUs;

    /// <summary>One round; waits at most <paramref name="waitMax"/> for records. Returns whether anything was done.</summary>
    public bool RunOnce(TimeSpan waitMax)
    {
        try
        {
            assignmentHasChanged = false;
            var lingered = Linger(waitMax);
            var fetched = tasks.Intake.Fetch(client, WaitTime(waitMax));
            if (assignmentIsLost)
            {
                Restart();
                return true;
            }

            var hasFinished = FinishCommit();
            MakeAssigned();
            tasks.Intake.Deliver();
            IsHeldBack = !globals.CatchUp();
            var wasStarting = tasks.AreStarting;
            tasks.Start();
            mayHaveRecords |= fetched > 0 || wasStarting;
            var worked = IsHeldBack ? HoldBack() : ProcessAvailable() | Punctuate() | DrainMailboxes();
            mayBeUncommitted |= worked;
            wasBusy = fetched > 0;
            return CommitIfDue(isIdle: fetched == 0 || lingered) | worked | fetched > 0 | assignmentHasChanged | tasks.AreStarting | hasFinished;
        }
        catch (TransactionAbortedException exception)
        {
            AbortsInARow++;
            options.OnAborted(exception, AbortsInARow);
            Restart();
            return true;
        }
    }

    /// <summary>Commits what is open, now.</summary>
    public bool Commit()
    {
        FinishCommit();
        var any = BeginCommit();
        FinishCommit();
        return any;
    }

    /// <summary>Ends a wait for records. Thread-safe.</summary>
    public void Wake()
    {
        Volatile.Read(ref client).Wake();
        lingering.End();
    }

    public void Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        // Nothing is opened in here: a client's poll has to come back soon, or the group takes its member for dead.
        var topics = partitions.ToHashSet();
        foreach (var partition in partitions.Select(partition => partition.Partition).Distinct().Order())
        {
            foreach (var subTopology in subTopologies.Where(sub => topics.Contains(new(sub.SourceTopics[0], partition))))
            {
                assigned.Add(TaskPlan.Of(subTopology, partition, application.Topology.ApplicationId));
            }
        }

        assignmentHasChanged = mayBeUncommitted = true;
    }

    public void Revoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        assigned.RemoveAll(plan => partitions.Contains(plan.Inputs[0].Partition));
        Commit();
        tasks.Close(partitions);
        assignmentHasChanged = true;
    }

    // Outputs of lost and kept tasks are in the same batches, so all of it is void.
    public void Lost(IReadOnlyCollection<TopicPartition> partitions) => assignmentIsLost = true;

    /// <summary>Drops all that is not committed and goes on from the committed state, as after a crash.</summary>
    public void Restart()
    {
        Dispose();
        Volatile.Write(ref client, OpenClient());
    }

    /// <summary>Closes the tasks without a commit and leaves the group.</summary>
    public void Dispose()
    {
        try
        {
            tasks.CloseAll();
        }
        finally
        {
            outputs.Clear();
            assigned.Clear();
            transaction.Drop();
            pace.Drop();
            assignmentIsLost = mayHaveRecords = mayBeUncommitted = false;
            client.Dispose();
        }
    }

    void MakeAssigned()
    {
        if (assigned.Count > 0)
        {
            var thread = new ThreadEnvironment(options.Group, client, outputs, bell, pace.Request)
            {
                HurryCommit = pace.Hurry, Touched = tasks.Touched, Open = tasks.Open, PunctuationsChanged = tasks.PunctuationsChanged,
            };
            foreach (var plan in assigned)
            {
                tasks.Add(new(application, thread, plan));
            }

            assigned.Clear();
        }
    }

    /// <summary>The next round finishes it, after it has read the next records meanwhile.</summary>
    bool BeginCommit()
    {
        mayBeUncommitted = false;
        sinceCommit = 0;
        pace.Begin();
        var any = transaction.Begin(client, tasks.Touched, tasks.Running);
        if (!transaction.IsPending)
        {
            tasks.Settle();
            if (any)
            {
                Committed();
            }
        }

        return any;
    }

    bool FinishCommit()
    {
        if (!transaction.IsPending)
        {
            return false;
        }

        transaction.Finish(client, tasks.Touched);
        tasks.Settle();
        Committed();
        return true;
    }

    void Committed()
    {
        AbortsInARow = 0;
        Counters.Committed(UtcInstant.Now(application.Time));
    }

    bool ProcessAvailable()
    {
        if (!mayHaveRecords)
        {
            return false;
        }

        var any = mayHaveRecords = false;
        foreach (var task in tasks.Running)
        {
            task.ForgetCaughtUp();
            while (task.ProcessNext())
            {
                any = true;
                if (pace.IsRequested || ++sinceCommit >= options.RecordsPerCommitMax)
                {
                    Commit();
                }
                else if (sinceCommit % RecordsAtOnce == 0)
                {
                    LookAfterWaiting();
                }
            }

            transaction.WriteAhead(client);
            WorkerTasks.HoldBack(task, client);
            mayHaveRecords |= task.HasBuffered;
        }

        return any;
    }

    /// <summary>A long round holds nobody back: messages are taken, and committed where somebody waits for that.</summary>
    void LookAfterWaiting()
    {
        if (bell.HasRung && pace.MayHurry)
        {
            DrainMailboxes();
            if (pace.IsOverdue)
            {
                Commit();
            }
        }
    }

    /// <summary>What comes meanwhile is kept within bounds.</summary>
    bool HoldBack()
    {
        foreach (var task in tasks.Running)
        {
            WorkerTasks.HoldBack(task, client);
        }

        return false;
    }

    bool Punctuate()
    {
        var now = MonotonicInstant.Now(application.Time);
        if (tasks.NextWallPunctuationUs > now.Microseconds)
        {
            return false;
        }

        // The batch before may have taken a while.
        if (!globals.CatchUp())
        {
            IsHeldBack = true;
            return false;
        }

        var wall = UtcInstant.Now(application.Time);
        var any = false;
        foreach (var task in tasks.Running)
        {
            if (task.PunctuateWallClock(now, wall))
            {
                any = true;
                CommitIfRequested();
            }
        }

        return any;
    }

    bool DrainMailboxes()
    {
        var messages = 0;
        if (bell.Answer())
        {
            foreach (var task in tasks.Running)
            {
                messages += task.DrainMailboxes();
                CommitIfRequested();
            }

            lingering.ComeInSwarms = messages > 1;
        }

        return messages > 0;
    }

    void CommitIfRequested()
    {
        if (pace.IsRequested)
        {
            Commit();
        }
    }

    bool CommitIfDue(bool isIdle)
    {
        if (pace.IsRequested)
        {
            return BeginCommit();
        }

        if (!mayBeUncommitted || !(pace.IsDue(isIdle) || transaction.Bytes(tasks.Touched) >= options.BytesPerCommitMax))
        {
            return false;
        }

        mayBeUncommitted = transaction.IsOpen(tasks.Open);
        return mayBeUncommitted && BeginCommit();
    }

    /// <summary>
    /// Lets what is uncommitted gather: nothing is read meanwhile, so that one round takes all that came. A mailbox ends the wait, because its sender may be waiting.
    /// </summary>
    bool Linger(TimeSpan waitMax)
    {
        if (!mayBeUncommitted || wasBusy || transaction.IsPending || pace.LingerLeft is var left && left <= TimeSpan.Zero)
        {
            return false;
        }

        // A punctuation that found nothing to do left nothing that could gather.
        if (!(mayBeUncommitted = transaction.IsOpen(tasks.Open)))
        {
            return false;
        }

        lingering.Wait(Until(left < waitMax ? left : waitMax));
        return true;
    }

    TimeSpan WaitTime(TimeSpan waitMax)
    {
        if (IsHeldBack && !transaction.IsPending)
        {
            // Punctuations and mailboxes wait too: they are no reason to come back sooner.
            return waitMax < HeldBackWait ? waitMax : HeldBackWait;
        }

        if (bell.HasRung || mayBeUncommitted || tasks.AreStarting || transaction.IsPending)
        {
            return TimeSpan.Zero;
        }

        // What was fetched and is not processed may be a record that cannot be read yet.
        var longest = mayHaveRecords && HeldBackWait < options.IdleWait ? HeldBackWait : options.IdleWait;
        return Until(waitMax < longest ? waitMax : longest);
    }

    /// <summary>So long, or until the next punctuation that wakes.</summary>
    TimeSpan Until(TimeSpan wait)
    {
        var untilPunctuationUs = tasks.NextWakeUs is var next && next == long.MaxValue ? long.MaxValue : next - MonotonicInstant.Now(application.Time).Microseconds;
        return untilPunctuationUs >= wait.Ticks / TimeSpan.TicksPerMicrosecond ? wait : TimeSpan.FromMicroseconds(Math.Max(0, untilPunctuationUs));
    }

    ILogClient OpenClient()
    {
        var opened = application.Log.OpenClient(options.Group, options.Member);
        opened.Subscribe([.. subTopologies.Select(sub => sub.SourceTopics)], this);
        return opened;
    }
}
