using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Runtime;

/// <summary>Runs a topology on a log with threads, as <c>KafkaStreams</c> does. Started once, stopped once.</summary>
public sealed class StreamsApp : IAsyncDisposable
{
    readonly Topology topology;
    readonly IStreamLog log;
    readonly ILogger logger;
    readonly GlobalStores globals;
    readonly StreamsStates states;
    readonly IStreamThread[] threads;
    readonly string[] threadGroups;
    readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int threadsStarting;
    Exception? failure;

    /// <exception cref="UserMistakeException">The options or their groups do not fit the topology.</exception>
    public StreamsApp(Topology topology, IStreamLog log, StreamsOptions options, TimeProvider time, ILogger<StreamsApp> logger)
        : this(topology, log, options, time, logger, OwnThread)
    {
    }

    /// <param name="open">Makes the threads: a host has its own.</param>
    internal StreamsApp(Topology topology, IStreamLog log, StreamsOptions options, TimeProvider time, ILogger<StreamsApp> logger, StreamThreadFactory open)
    {
        var problems = options.Problems("Streams").ToList();
        if (problems.Count > 0)
        {
            throw new UserMistakeException(string.Join('\n', problems));
        }

        this.topology = topology;
        this.log = log;
        this.logger = logger;
        states = new(OnStateChange);
        var application = new TaskEnvironment(topology, log, time, options.OnDeserializationException);
        globals = new(application);
        var events = new StreamThreadEvents(OnThreadRunning, OnThreadFailed, () => Volatile.Read(ref failure) is not null);
        var plans = ThreadPlan.Of(topology, options);
        threadGroups = [.. plans.Select(plan => plan.Options.Group)];
        threads = [.. plans
            .Select(plan => plan with { Options = plan.Options with { OnAborted = (exception, inARow) => OnAborted(plan.Name, exception, inARow) } })
            .Select(plan => open(plan, application, globals, events))];
        threadsStarting = threads.Length;
    }

    public StreamsState State => states.Current;

    /// <summary>Called with the new and the old state, on the thread that caused the change; must not block.</summary>
    public Action<StreamsState, StreamsState>? StateListener { get; set; }

    /// <summary>Called once with the exception that stops the application, on the thread that failed.</summary>
    public Action<Exception>? UncaughtExceptionHandler { get; set; }

    /// <summary>Ends when all threads have ended: well after <see cref="StopAsync"/>, with the original exception after a failure.</summary>
    public Task Completion => completion.Task;

    /// <exception cref="UserMistakeException">It was started before, or a topic has another number of partitions.</exception>
    public void Start()
    {
        if (State != StreamsState.Created)
        {
            throw new UserMistakeException($"the application '{topology.ApplicationId}' is {State}; it can be started once");
        }

        log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
        states.TryGo(StreamsState.Rebalancing);
        foreach (var thread in threads)
        {
            thread.Start();
        }

        _ = FinishAsync();
    }

    /// <summary>Finishes the rounds in progress, commits, closes the tasks. Returns when all threads have ended; a failure is in <see cref="Completion"/>.</summary>
    public async Task StopAsync()
    {
        var wasStarted = State != StreamsState.Created;
        if (states.TryGo(StreamsState.PendingShutdown) && !wasStarted)
        {
            states.TryGo(StreamsState.NotRunning);
            completion.TrySetResult();
        }

        StopThreads();
        await Task.WhenAny(completion.Task).ConfigureAwait(false);
    }

    /// <summary>A read-only view of a task's store as of the last commit; safe from any thread.</summary>
    public IReadOnlyKeyValueStore Store(string name, int partition) => log.OpenCommittedView(topology.Store(name), partition);

    /// <summary>Counts at this moment; readable from any thread, takes no lock of the stream threads.</summary>
    public StreamsMetrics Metrics() => new(State, [.. threads.Select(MetricsOf)]);

    /// <summary>The same of the threads of one of <see cref="StreamsOptions.Groups"/> alone: for who asks often, of few.</summary>
    public StreamsMetrics MetricsOf(string group) => new(State, [.. threads.Where((_, index) => threadGroups[index] == ThreadPlan.GroupOf(topology, group)).Select(MetricsOf)]);

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    static IStreamThread OwnThread(ThreadPlan plan, TaskEnvironment application, GlobalStores globals, StreamThreadEvents events) =>
        new StreamThread(plan.Name, () => new(application, plan.Options, globals, plan.SubTopologies), events);

    ThreadMetrics MetricsOf(IStreamThread thread)
    {
        var counters = thread.Counters;
        return new(thread.Name, counters?.Commits ?? 0, counters?.LastCommit, [.. (counters?.Tasks ?? []).Select(TaskMetricsOf)]);
    }

    TaskMetrics TaskMetricsOf(TaskCounters task)
    {
        // What is not read here any more is somebody else's to lag behind.
        var partitions = task.Partitions.Select((partition, index) => new PartitionMetrics(partition, task.Position(index), log.SeenEnd(partition) ?? task.Position(index)));
        return new(task.Id, task.State, task.RecordsProcessed, task.RecordsUnreadable, [.. partitions])
        {
            Stores = [.. task.Stores.Select(store => new StoreMetrics(store.Spec.Name, store.Restored))],
        };
    }

    async Task FinishAsync()
    {
        await Task.WhenAll(threads.Select(thread => thread.Ended)).ConfigureAwait(false);
        try
        {
            globals.Dispose();
        }
        catch (Exception exception)
        {
            OnFailure(exception);
        }

        if (Volatile.Read(ref failure) is { } cause)
        {
            states.TryGo(StreamsState.Error);
            completion.TrySetException(cause);

            // The handler was given it: a task that nobody awaits is to raise no second alarm.
            _ = completion.Task.Exception;
        }
        else
        {
            states.TryGo(StreamsState.NotRunning);
            completion.TrySetResult();
        }
    }

    void OnThreadRunning(IStreamThread thread)
    {
        if (Interlocked.Decrement(ref threadsStarting) == 0)
        {
            states.TryGo(StreamsState.Running);
        }
    }

    /// <summary>The first of a row is said; of a failed disk the log itself speaks, for all threads.</summary>
    void OnAborted(string thread, TransactionAbortedException exception, int inARow)
    {
        if (inARow == 1 && exception.InnerException is not EnvironmentFailedException)
        {
            StreamsLogging.CommitAborted(logger, exception, thread);
        }
    }

    void OnThreadFailed(IStreamThread thread, Exception exception)
    {
        StreamsLogging.ThreadFailed(logger, exception, thread.Name, FailurePlace.Of(exception)?.ToString() ?? "no task");
        OnFailure(exception);
    }

    void OnFailure(Exception exception)
    {
        var isFirst = Interlocked.CompareExchange(ref failure, exception, null) is null;
        StopThreads();
        if (isFirst)
        {
            states.TryGo(StreamsState.PendingError);
            UncaughtExceptionHandler?.Invoke(exception);
        }
    }

    void OnStateChange(StreamsState current, StreamsState old)
    {
        StreamsLogging.StateChanged(logger, topology.ApplicationId, old, current);
        StateListener?.Invoke(current, old);
    }

    void StopThreads()
    {
        foreach (var thread in threads)
        {
            thread.Stop();
        }
    }
}
