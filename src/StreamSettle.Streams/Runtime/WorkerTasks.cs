using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>The tasks that a worker owns at the moment, and the intake that feeds them.</summary>
sealed class WorkerTasks(WorkerOptions options)
{
    // Above it a partition that runs ahead of the others of its task is not fetched until it is processed.
    const int BufferedRecordsMax = 20_000;

    public List<StreamTask> All { get; } = [];

    public RecordIntake Intake { get; } = new(options.PollRecordsMax, options.PollBytesMax);

    public WorkerCounters Counters { get; } = new();

    /// <summary>Monotonic µs of the next wall-clock punctuation of any task; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextWallPunctuationUs
    {
        get
        {
            var next = long.MaxValue;
            foreach (var task in All)
            {
                next = Math.Min(next, task.NextWallPunctuationUs);
            }

            return next;
        }
    }

    /// <summary>Stops and resumes the fetching of the task's partitions by how much of each waits.</summary>
    public static void HoldBack(StreamTask task, ILogClient client)
    {
        foreach (var queue in task.Queues)
        {
            var isFull = queue.Buffered > BufferedRecordsMax;
            if (isFull && !queue.IsPaused)
            {
                client.Pause(queue.Partition);
            }
            else if (!isFull && queue.IsPaused)
            {
                client.Resume(queue.Partition);
            }

            queue.IsPaused = isFull;
        }
    }

    public void Open(StreamTask task)
    {
        All.Add(task);
        Array.ForEach(task.Queues, Intake.Register);
        task.Init();
        Publish();
    }

    /// <summary>Closes the tasks that read these partitions.</summary>
    public void Close(IReadOnlyCollection<TopicPartition> partitions)
    {
        foreach (var task in All.Where(task => partitions.Contains(task.Queues[0].Partition)).ToList())
        {
            All.Remove(task);
            Close(task);
        }

        Publish();
    }

    /// <summary>Closes them all; after one that fails to close none is owned any more.</summary>
    public void CloseAll()
    {
        try
        {
            while (All is [.., var last])
            {
                All.RemoveAt(All.Count - 1);
                Close(last);
            }
        }
        finally
        {
            All.Clear();
            Publish();
        }
    }

    void Close(StreamTask task)
    {
        Array.ForEach(task.Queues, Intake.Unregister);
        task.Dispose();
    }

    void Publish() => Counters.Tasks = [.. All.Select(task => task.Counters)];
}
