using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>One atomic commit of what some tasks have done since the last.</summary>
/// <param name="collecting">Called once the processors have written their last before a commit: a host that keeps outputs apart until they passed its sinks gathers them.</param>
sealed class TaskTransaction(OutputCollector outputs, Action? collecting = null)
{
    // Below it a round trip is not worth the while; above it what waits for the commit keeps it waiting.
    const int WriteAheadBytes = 256 * 1024;

    readonly LogCommit commit = new();
    long writtenAhead;

    /// <inheritdoc cref="LogCommit.MayBeDoneAgain"/>
    public bool MayBeDoneAgain { get; init; }

    /// <summary>Whether anything is not committed, by what the tasks have said.</summary>
    public bool IsOpen(OpenWork tasks) => tasks.Any || writtenAhead > 0 || !outputs.IsEmpty;

    /// <summary>Whether a task has done anything that is not committed.</summary>
    public bool IsOpen(List<StreamTask> tasks)
    {
        if (writtenAhead > 0 || !outputs.IsEmpty || HasConsumed(tasks))
        {
            return true;
        }

        foreach (var task in tasks)
        {
            foreach (var store in task.StoreList)
            {
                if (store.Changes.Count > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Bytes that wait for the commit in outputs and stores.</summary>
    public long Bytes(List<StreamTask> tasks)
    {
        var bytes = writtenAhead + outputs.Bytes;
        foreach (var task in tasks)
        {
            foreach (var store in task.StoreList)
            {
                bytes += store.OverlayBytes;
            }
        }

        return bytes;
    }

    /// <summary>Hands outputs over ahead of the commit when they are many and the log takes them.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of the transaction happens.</exception>
    public void WriteAhead(ILogClient client)
    {
        var bytes = outputs.Bytes;
        if (bytes < WriteAheadBytes)
        {
            return;
        }

        commit.Clear();
        outputs.CollectInto(commit);
        if (client.WriteAhead(commit))
        {
            writtenAhead += bytes;
            outputs.Clear();
        }

        commit.Clear();
    }

    /// <summary>A commit was begun that is not decided: nothing may be processed before <see cref="Finish"/>.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Begins to commit; what is done at once is told to the processors, as is that there was nothing. Returns whether there was something.</summary>
    /// <param name="tasks">Those that may have done something.</param>
    /// <param name="owned">All of the thread's: what they have read says under which assignment the commit is made.</param>
    /// <exception cref="TransactionAbortedException">Nothing of it happened.</exception>
    public bool Begin(ILogClient client, List<StreamTask> tasks, List<StreamTask> owned)
    {
        foreach (var task in tasks)
        {
            task.BeforeCommit();
        }

        collecting?.Invoke();
        commit.Clear();
        commit.MayBeDoneAgain = MayBeDoneAgain;
        Collect(tasks, client.CommitsMovedPositionsOnly ? tasks : owned);
        if (commit.IsEmpty)
        {
            Tell(tasks);
            return false;
        }

        IsPending = !client.BeginCommit(commit);
        if (!IsPending)
        {
            TakeEffect(tasks);
        }

        return true;
    }

    /// <summary>Waits for a commit that was begun, and tells the processors.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened.</exception>
    public void Finish(ILogClient client, List<StreamTask> tasks)
    {
        if (IsPending)
        {
            IsPending = false;
            client.FinishCommit();
            TakeEffect(tasks);
        }
    }

    /// <summary>Forgets a commit that was begun: its client is gone, and its fate with it.</summary>
    public void Drop()
    {
        IsPending = false;
        writtenAhead = 0;
        commit.Clear();
    }

    void Collect(List<StreamTask> tasks, List<StreamTask> positions)
    {
        outputs.CollectInto(commit);
        foreach (var task in tasks)
        {
            foreach (var store in task.StoreList)
            {
                if (store.Changes.Count > 0)
                {
                    commit.Stores.Add((store.Spec, task.Id, store.Changes));
                }
            }
        }

        if (writtenAhead > 0 || !commit.IsEmpty || HasConsumed(tasks))
        {
            AddPositions(positions);
        }
    }

    void AddPositions(List<StreamTask> tasks)
    {
        foreach (var task in tasks)
        {
            foreach (var queue in task.Queues)
            {
                commit.Positions.Add((queue.Partition, queue.Position));
            }
        }
    }

    void TakeEffect(List<StreamTask> tasks)
    {
        outputs.Clear();
        writtenAhead = 0;
        foreach (var task in tasks)
        {
            foreach (var store in task.StoreList)
            {
                store.ClearOverlay();
            }

            foreach (var queue in task.Queues)
            {
                queue.HasConsumed = false;
            }
        }

        commit.Clear();
        Tell(tasks);
    }

    static void Tell(List<StreamTask> tasks)
    {
        foreach (var task in tasks)
        {
            task.AfterCommit();
        }
    }

    static bool HasConsumed(List<StreamTask> tasks)
    {
        foreach (var task in tasks)
        {
            foreach (var queue in task.Queues)
            {
                if (queue.HasConsumed)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
