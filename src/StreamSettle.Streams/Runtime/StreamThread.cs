using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Runtime;

/// <summary>One thread with its worker: rounds until it is told to stop, a last commit, and out.</summary>
sealed class StreamThread : IStreamThread
{
    /// <summary>The worker's own bounds are below it.</summary>
    static readonly TimeSpan PollWaitMax = TimeSpan.FromMinutes(1);

    readonly StreamThreadEvents events;
    readonly Func<StreamWorker> openWorker;
    readonly Thread thread;
    readonly ManualResetEventSlim stopping = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    StreamWorker? worker;

    public StreamThread(string name, Func<StreamWorker> openWorker, StreamThreadEvents events)
    {
        Name = name;
        this.openWorker = openWorker;
        this.events = events;
        thread = new(Run) { Name = name, IsBackground = true };
    }

    public string Name { get; }

    public Task Ended => ended.Task;

    public WorkerCounters? Counters => Volatile.Read(ref worker)?.Counters;

    public void Start() => thread.Start();

    public void Stop()
    {
        stopping.Set();
        Volatile.Read(ref worker)?.Wake();
    }

    void Run()
    {
        StreamWorker? opened = null;
        Guard(() =>
        {
            opened = openWorker();
            Volatile.Write(ref worker, opened);
            RunRounds(opened);
        });
        Guard(() => opened?.Dispose());
        ended.SetResult();
    }

    void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            events.Failed(this, exception);
        }
    }

    void RunRounds(StreamWorker opened)
    {
        var isFirst = true;
        while (!stopping.IsSet)
        {
            var aborts = opened.AbortsInARow;
            opened.RunOnce(isFirst ? TimeSpan.Zero : PollWaitMax);
            if (isFirst)
            {
                isFirst = false;
                events.Running(this);
            }

            if (opened.AbortsInARow > aborts)
            {
                stopping.Wait(Backoff.After(opened.AbortsInARow));
            }
        }

        if (!events.HasFailed())
        {
            CommitLast(opened);
        }
    }

    /// <summary>What cannot be committed at the end is left to the next start, as after a crash.</summary>
    static void CommitLast(StreamWorker opened)
    {
        try
        {
            opened.Commit();
        }
        catch (TransactionAbortedException)
        {
            // Nothing of it happened, and whoever counts failed commits has said so.
        }
    }
}

/// <summary>What a thread tells its application.</summary>
/// <param name="Running">The first round is done.</param>
/// <param name="Failed">The thread ends with an exception; nothing of its open transaction is committed.</param>
/// <param name="HasFailed">Whether another thread failed, so that this one ends without a commit.</param>
sealed record StreamThreadEvents(Action<IStreamThread> Running, Action<IStreamThread, Exception> Failed, Func<bool> HasFailed);
