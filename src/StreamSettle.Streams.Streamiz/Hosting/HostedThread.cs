using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz.Clients;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>One stream thread that Streamiz runs: an instance of <see cref="KafkaStream"/> with one thread of its own.</summary>
sealed class HostedThread : IStreamThread
{
    readonly StreamThreadEvents events;
    readonly ThreadPlan plan;
    readonly Topology topology;
    readonly ILoggerFactory loggers;
    readonly HostedWork work;
    readonly ManualResetEventSlim stopping = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock ending = new();
    KafkaStream? stream;
    Task starting = Task.CompletedTask;
    Task? closing;
    bool hasPolled;
    bool hasFailed;
    int abortsInARow;
    long commits;

    public HostedThread(ThreadPlan plan, TaskEnvironment application, GlobalStores globals, StreamThreadEvents events, ILoggerFactory loggers)
    {
        this.plan = plan;
        this.events = events;
        this.loggers = loggers;
        topology = application.Topology;
        work = new(application, plan, globals, stopping, events.HasFailed);
    }

    public string Name => plan.Name;

    public Task Ended => ended.Task;

    public WorkerCounters? Counters => work.Counters;

    public void Start()
    {
        try
        {
            var graph = HostedTopology.Build(plan.Options.Group, plan.SubTopologies, work);
            stream = new(graph, HostedConfig.Of(plan.Options, Decide, loggers), new HostedClients(work, topology, Polled, FailedLast));
            stream.StateChanged += Changed;

            // Its failures come as a state.
            starting = stream.StartAsync();
        }
        catch (Exception failure)
        {
            Fail(failure);
            Close();
        }
    }

    public void Stop()
    {
        stopping.Set();
        Close();
    }

    void Polled()
    {
        if (!hasPolled)
        {
            hasPolled = true;
            events.Running(this);
        }
    }

    void Changed(KafkaStream.State old, KafkaStream.State current)
    {
        if (current == KafkaStream.State.ERROR && !stopping.IsSet)
        {
            if (!hasFailed)
            {
                Fail(new BrokenInvariantException($"Streamiz has ended the thread '{Name}' and does not say why"));
            }

            Close();
        }
    }

    /// <summary>Streamiz asks what to do after a failure, on its thread. What did not happen is tried again after a while; anything else ends the application.</summary>
    ExceptionHandlerResponse Decide(Exception failure)
    {
        if (AbortOf(failure) is { } aborted)
        {
            abortsInARow = commits == work.Counters.Commits ? abortsInARow + 1 : 1;
            commits = work.Counters.Commits;
            plan.Options.OnAborted(aborted, abortsInARow);
            stopping.Wait(Backoff.After(abortsInARow));
            return ExceptionHandlerResponse.CONTINUE;
        }

        work.GiveUp();
        Fail(failure);
        return ExceptionHandlerResponse.FAIL;
    }

    /// <summary>Whether the last commit of a thread that is being stopped may fail: what did not happen is left to the next start, anything else is told.</summary>
    bool FailedLast(Exception failure)
    {
        if (stopping.IsSet && AbortOf(failure) is null)
        {
            Fail(failure);
        }

        return stopping.IsSet;
    }

    public static TransactionAbortedException? AbortOf(Exception? failure)
    {
        while (failure is not (null or TransactionAbortedException))
        {
            failure = failure.InnerException;
        }

        return (TransactionAbortedException?)failure;
    }

    void Fail(Exception failure)
    {
        hasFailed = true;
        events.Failed(this, failure);
    }

    /// <summary>On another thread, because Streamiz waits for its own. One that is being started is not closed: its thread would begin after the end, and bring the process down.</summary>
    void Close()
    {
        lock (ending)
        {
            closing ??= Task.Run(async () =>
            {
                try
                {
                    await starting.ConfigureAwait(false);
                    stream?.Dispose();
                    work.Unsubscribe();
                }
                catch (Exception failure)
                {
                    Fail(failure);
                }

                ended.SetResult();
            });
        }
    }
}
