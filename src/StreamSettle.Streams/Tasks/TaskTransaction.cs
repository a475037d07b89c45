using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>One atomic commit of what some tasks have done since the last.</summary>
sealed class TaskTransaction(OutputCollector outputs)
{
    readonly LogCommit commit = new();

    /// <summary>Whether a task has done anything that is not committed.</summary>
    public bool IsOpen(List<StreamTask> tasks)
    {
        if (!outputs.IsEmpty)
        {
            return true;
        }

        foreach (var task in tasks)
        {
            if (HasProgress(task))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Bytes that wait for the commit in outputs and stores.</summary>
    public long Bytes(List<StreamTask> tasks)
    {
        var bytes = outputs.Bytes;
        foreach (var task in tasks)
        {
            foreach (var store in task.StoreList)
            {
                bytes += store.OverlayBytes;
            }
        }

        return bytes;
    }

    /// <summary>Commits and tells the processors; with nothing to commit they are told only. Returns whether there was something.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened.</exception>
    public bool Commit(ILogClient client, List<StreamTask> tasks)
    {
        foreach (var task in tasks)
        {
            task.BeforeCommit();
        }

        commit.Clear();
        Collect(tasks);
        var any = !commit.IsEmpty;
        if (any)
        {
            client.Commit(commit);
            Settle(tasks);
            commit.Clear();
        }

        foreach (var task in tasks)
        {
            task.AfterCommit();
        }

        return any;
    }

    void Collect(List<StreamTask> tasks)
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

            foreach (var queue in task.Queues)
            {
                if (queue.Position != queue.CommittedPosition)
                {
                    commit.Positions.Add((queue.Partition, queue.Position));
                }
            }
        }
    }

    void Settle(List<StreamTask> tasks)
    {
        outputs.Clear();
        foreach (var task in tasks)
        {
            foreach (var store in task.StoreList)
            {
                store.ClearOverlay();
            }

            foreach (var queue in task.Queues)
            {
                queue.CommittedPosition = queue.Position;
            }
        }
    }

    static bool HasProgress(StreamTask task)
    {
        foreach (var queue in task.Queues)
        {
            if (queue.Position != queue.CommittedPosition)
            {
                return true;
            }
        }

        foreach (var store in task.StoreList)
        {
            if (store.Changes.Count > 0)
            {
                return true;
            }
        }

        return false;
    }
}
