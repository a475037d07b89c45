using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>
/// Our half of one stream thread of Streamiz: tasks, the client that they read and commit by, and one transaction at a time. Streamiz decides when anything of it is done; what has
/// failed is given up as a whole and begun anew from the committed state, as <see cref="StreamWorker"/> does. Used by that thread only.
/// </summary>
sealed class HostedWork : IAssignmentListener
{
    /// <summary>While a record cannot be read yet; the group hears nothing of this thread meanwhile.</summary>
    static readonly TimeSpan HoldBackPause = TimeSpan.FromMilliseconds(100);

    readonly TaskEnvironment application;
    readonly TaskEnvironment hosted;
    readonly ThreadPlan plan;
    readonly GlobalStores globals;
    readonly ManualResetEventSlim stopping;
    readonly Func<bool> hasFailed;
    readonly WorkerTasks tasks;
    readonly OutputCollector handedOver;
    readonly TaskTransaction transaction;
    readonly HostedIntake intake;
    readonly List<HostedTask> noted = [];
    readonly Dictionary<HostedTask, StreamTask> tasksOf = [];
    readonly HashSet<TopicPartition> owned = [];
    ILogClient? client;
    IAssignmentListener? streamiz;
    Exception? failedClosing;
    bool isCatchUpDue = true;

    /// <param name="hasFailed">Whether any thread of the application has: then none commits any more.</param>
    public HostedWork(TaskEnvironment application, ThreadPlan plan, GlobalStores globals, ManualResetEventSlim stopping, Func<bool> hasFailed)
    {
        this.application = application;
        this.plan = plan;
        this.globals = globals;
        this.stopping = stopping;
        this.hasFailed = hasFailed;
        hosted = application with { Log = new CaughtUpLog(application.Log) };
        tasks = new(plan.Options);
        Fresh = new(application.Topology);
        handedOver = new(application.Topology);
        transaction = new(handedOver, Gather);
        intake = new(plan.Options);
        Sinks = new(application.Topology.ApplicationId);
    }

    public HostedSinks Sinks { get; }

    public WorkerCounters Counters => tasks.Counters;

    /// <summary>What tasks wrote and has not passed the sinks.</summary>
    public OutputCollector Fresh { get; }

    /// <summary>The output that is on its way through a sink.</summary>
    public HostedOutput? Passing { get; set; }

    /// <summary>Streamiz has begun a transaction, and will commit.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Something failed: nothing is processed or committed any more until Streamiz has subscribed anew.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Something is done that is not committed.</summary>
    public bool IsOpen => transaction.IsOpen(tasks.Running);

    /// <summary>Until time passes or a record or message comes there is nothing to do: what was read is processed and committed, and no punctuation is due.</summary>
    public bool IsAtRest => client is not null && noted.Count == 0 && !tasks.AreStarting && intake.IsEmpty && !IsOpen && !transaction.IsPending
        && tasks.NextWallPunctuationUs > MonotonicInstant.Now(application.Time).Microseconds && !tasksOf.Keys.Any(hostedTask => hostedTask.Bell.HasRung) && globals.CatchUp();

    /// <inheritdoc cref="WorkerTasks.NextWallPunctuationUs"/>
    public long NextWallPunctuationUs => tasks.NextWallPunctuationUs;

    public IReadOnlyCollection<TopicPartition> Owned => owned;

    /// <summary>Takes effect with the next <see cref="Poll"/>, whose failures Streamiz can take.</summary>
    /// <param name="listener">Streamiz.</param>
    public void Subscribe(IAssignmentListener listener)
    {
        streamiz = listener;
        IsGivenUp = false;
    }

    /// <summary>Reads on, starts tasks, and fills what <see cref="TryHandOver"/> hands out.</summary>
    public void Poll(TimeSpan wait)
    {
        try
        {
            ThrowFailedClosing();
            client ??= OpenClient();
            intake.Poll(client, tasks.AreStarting ? TimeSpan.Zero : wait);
            MakeNoted();
            tasks.Start();
            intake.Open(tasks.Running, client);
            isCatchUpDue = true;
        }
        catch
        {
            GiveUp();
            throw;
        }
    }

    /// <summary>The store of a running task; null for none.</summary>
    public OverlayStore? Store(string name, int partition) =>
        tasks.Running.Where(task => task.Id.Partition == partition).SelectMany(task => task.StoreList).FirstOrDefault(store => store.Spec.Name == name);

    public bool TryHandOver(out HostedRecord record) => intake.TryHandOver(out record);

    /// <summary>A transformer of Streamiz has come: its task is made after the poll, where a failure may be thrown.</summary>
    public void Noted(HostedTask task) => noted.Add(task);

    /// <summary>A transformer of Streamiz is closed: its task is closed too, without a commit.</summary>
    public void Closed(HostedTask hostedTask)
    {
        noted.Remove(hostedTask);
        hostedTask.Host(null);
        if (tasksOf.Remove(hostedTask, out var task))
        {
            Try(() => tasks.Close([.. task.Queues.Select(queue => queue.Partition)]));
        }
    }

    /// <summary>Processes one record, whose turn Streamiz says it is.</summary>
    public void Process(StreamTask task, HostedRecord record)
    {
        if (isCatchUpDue)
        {
            WaitFor(globals.CatchUp, "a record of a global store cannot be read yet");
            isCatchUpDue = false;
        }

        if (!intake.TryGive(task, record))
        {
            return;
        }

        WaitFor(task.ProcessNext, $"the record at {record.Partition}, offset {record.Offset}, cannot be read yet");
    }

    /// <summary>Punctuates and takes messages; true when something was done.</summary>
    public bool Tick(StreamTask task, Bell bell)
    {
        intake.PassGaps(task);
        var now = MonotonicInstant.Now(application.Time);
        return globals.CatchUp() && task.PunctuateWallClock(now, UtcInstant.Now(application.Time)) | (bell.Answer() && task.DrainMailboxes() > 0);
    }

    /// <summary>Hands outputs over before the commit when they are many.</summary>
    public void WriteAhead() => transaction.WriteAhead(client!);

    /// <summary>A record that has passed its sink; one that nothing was said of before goes nowhere.</summary>
    public void Produced(TopicPartition partition, byte[]? key, byte[]? value)
    {
        if (Passing is not { } output)
        {
            return;
        }

        Passing = null;
        if (output.Partition != partition)
        {
            throw new BrokenInvariantException($"a record for {output.Partition} came out for {partition}");
        }

        handedOver.Topic(partition.Topic).Add(partition.Partition, new()
        {
            TimestampMs = output.TimestampMs, KeyIsNull = key is null, Key = key, ValueIsNull = value is null, Value = value, Headers = output.Headers,
        });
    }

    public void Begin() => HasBegun = true;

    /// <summary>Hands over what is to be committed. Its positions are those of all tasks, not those of Streamiz, which counts what it has given.</summary>
    public void BeginCommit()
    {
        if (hasFailed())
        {
            GiveUp();
        }

        if (IsGivenUp)
        {
            return;
        }

        try
        {
            if (transaction.Begin(client!, tasks.Running, tasks.Running) && !transaction.IsPending)
            {
                Counters.Committed(UtcInstant.Now(application.Time));
            }
        }
        catch
        {
            GiveUp();
            throw;
        }
    }

    public void FinishCommit()
    {
        HasBegun = false;
        if (IsGivenUp || !transaction.IsPending)
        {
            return;
        }

        try
        {
            transaction.Finish(client!, tasks.Running);
            Counters.Committed(UtcInstant.Now(application.Time));
        }
        catch
        {
            GiveUp();
            throw;
        }
    }

    /// <summary>Drops all that is not committed. Streamiz closes its tasks and subscribes anew, or ends.</summary>
    public void GiveUp()
    {
        IsGivenUp = true;
        HasBegun = false;
        Passing = null;
        foreach (var hostedTask in tasksOf.Keys)
        {
            hostedTask.Host(null);
        }

        tasksOf.Clear();
        noted.Clear();
        Try(tasks.CloseAll);
        Fresh.Clear();
        handedOver.Clear();
        transaction.Drop();
        intake.Clear();
    }

    /// <summary>Leaves the group.</summary>
    public void Unsubscribe()
    {
        GiveUp();
        owned.Clear();
        var leaving = client;
        client = null;
        Try(() => leaving?.Dispose());
    }

    void IAssignmentListener.Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        owned.UnionWith(partitions);
        streamiz!.Assigned(partitions);
    }

    void IAssignmentListener.Revoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        try
        {
            streamiz!.Revoked(partitions);
        }
        catch
        {
            // It would not look at anything any more: of what is lost it does not say that a rebalance goes on.
            GiveUp();
            streamiz!.Lost(partitions);
            throw;
        }
        finally
        {
            Forget(partitions);
        }
    }

    /// <summary>Outputs of lost and kept tasks are in the same batches, so all of it is void.</summary>
    void IAssignmentListener.Lost(IReadOnlyCollection<TopicPartition> partitions)
    {
        GiveUp();
        streamiz!.Lost(partitions);
        Forget(partitions);
        throw new TransactionAbortedException("the group has given this thread's partitions to others");
    }

    void Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        owned.ExceptWith(partitions);
        intake.Forget(partitions);
    }

    void MakeNoted()
    {
        foreach (var hostedTask in noted)
        {
            var thread = new ThreadEnvironment(plan.Options.Group, client!, Fresh, hostedTask.Bell, hostedTask.RequestCommit) { PunctuationsChanged = tasks.PunctuationsChanged };
            var task = new StreamTask(hosted, thread, TaskPlan.Of(hostedTask.SubTopology, hostedTask.Partition, application.Topology.ApplicationId));
            tasks.Add(task);
            tasksOf.Add(hostedTask, task);
            hostedTask.Host(task);
        }

        noted.Clear();
    }

    /// <summary>What processors write before a commit passes no sink: Streamiz has no processor at work then.</summary>
    void Gather()
    {
        foreach (var (partition, batch) in Fresh.Batches)
        {
            var rest = batch.Bytes;
            while (RecordBatch.TryReadNext(ref rest, out var record))
            {
                handedOver.Topic(partition.Topic).Add(partition.Partition, record);
            }
        }

        Fresh.Clear();
    }

    void WaitFor(Func<bool> done, string what)
    {
        var began = application.Time.GetTimestamp();
        while (!done())
        {
            if (application.Time.GetElapsedTime(began) > HostedConfig.HoldBackMax || stopping.Wait(HoldBackPause))
            {
                throw new TransactionAbortedException(what);
            }
        }
    }

    ILogClient OpenClient()
    {
        var opened = application.Log.OpenClient(plan.Options.Group, plan.Options.Member);
        try
        {
            opened.Subscribe([.. plan.SubTopologies.Select(sub => sub.SourceTopics)], this);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Streamiz has no way to take a failure here; the next poll throws it.</summary>
    void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            failedClosing ??= failure;
        }
    }

    void ThrowFailedClosing()
    {
        if (failedClosing is { } failure)
        {
            failedClosing = null;
            throw new BrokenInvariantException($"a task could not be closed: {failure.Message}", failure);
        }
    }
}
