namespace StreamSettle.Streams.Runtime;

/// <summary>One thread with its worker: rounds until it is told to stop, a last commit, and out.</summary>
sealed class StreamThread
{
    static readonly TimeSpan PollWaitMax = TimeSpan.FromMilliseconds(100);

    readonly StreamThreadEvents events;
    readonly Func<StreamWorker> openWorker;
    readonly Thread thread;
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    StreamWorker? worker;
    volatile bool isStopping;

    public StreamThread(string name, Func<StreamWorker> openWorker, StreamThreadEvents events)
    {
        Name = name;
        this.openWorker = openWorker;
        this.events = events;
        thread = new(Run) { Name = name, IsBackground = true };
    }

    public string Name { get; }

    /// <summary>Completes when the thread has ended, well or not.</summary>
    public Task Ended => ended.Task;

    public WorkerCounters? Counters => Volatile.Read(ref worker)?.Counters;

    public void Start() => thread.Start();

    /// <summary>Asks for the end after the round in progress; a thread that was never started ends at once.</summary>
    public void Stop()
    {
        isStopping = true;
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
        while (!isStopping)
        {
            opened.RunOnce(isFirst ? TimeSpan.Zero : PollWaitMax);
            if (isFirst)
            {
                isFirst = false;
                events.Running(this);
            }
        }

        if (!events.HasFailed())
        {
            opened.Commit();
        }
    }
}

/// <summary>What a thread tells its application.</summary>
/// <param name="Running">The first round is done.</param>
/// <param name="Failed">The thread ends with an exception; nothing of its open transaction is committed.</param>
/// <param name="HasFailed">Whether another thread failed, so that this one ends without a commit.</param>
sealed record StreamThreadEvents(Action<StreamThread> Running, Action<StreamThread, Exception> Failed, Func<bool> HasFailed);
