using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>The tasks that a worker owns at the moment, and the intake that feeds them.</summary>
sealed class WorkerTasks(WorkerOptions options)
{
    // Above it a partition that runs ahead of the others of its task is not fetched until it is processed.
    const int BufferedRecordsMax = 20_000;

    readonly List<StreamTask> all = [];
    readonly List<StreamTask> starting = [];
    (long DueUs, long WakeUs)? next;

    /// <summary>Those that run: only they process, punctuate, take messages and commit.</summary>
    public List<StreamTask> Running { get; } = [];

    /// <summary>Those of them whose processors were called since the last commit: of hundreds there are few, and a commit is about no others.</summary>
    public List<StreamTask> Touched { get; } = [];

    /// <inheritdoc cref="ThreadEnvironment.Open"/>
    public OpenWork Open { get; } = new();

    /// <summary>Some are not open or not restored yet.</summary>
    public bool AreStarting => starting.Count > 0;

    public RecordIntake Intake { get; } = new(options.PollRecordsMax, options.PollBytesMax);

    public WorkerCounters Counters { get; } = new();

    /// <summary>Monotonic µs of the next wall-clock punctuation of any task; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextWallPunctuationUs => Next().DueUs;

    /// <summary>The same of those that wake the thread.</summary>
    public long NextWakeUs => Next().WakeUs;

    /// <summary>A schedule has begun, ended or fired, or a task that has some runs or is closed.</summary>
    public void PunctuationsChanged() => next = null;

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

    /// <summary>Takes a task that was just made. Its records wait until <see cref="Start"/> has brought it to run.</summary>
    public void Add(StreamTask task)
    {
        all.Add(task);
        starting.Add(task);
        Array.ForEach(task.Queues, Intake.Register);
        Publish();
    }

    /// <summary>Opens what was added, restores a piece of each, and lets those run that are whole.</summary>
    public void Start()
    {
        for (var i = 0; i < starting.Count;)
        {
            var task = starting[i];
            if (task.State == TaskState.Created)
            {
                task.Open();
            }

            if (!task.Restore())
            {
                i++;
                continue;
            }

            task.Init();
            starting.RemoveAt(i);
            Running.Add(task);
            PunctuationsChanged();
        }
    }

    /// <summary>A commit is over.</summary>
    public void Settle()
    {
        foreach (var task in Touched)
        {
            task.Settle();
        }

        Touched.Clear();
        Open.Any = false;
    }

    /// <summary>Closes the tasks that read these partitions.</summary>
    public void Close(IReadOnlyCollection<TopicPartition> partitions)
    {
        var failure = new FirstFailure();
        foreach (var task in all.Where(task => partitions.Contains(task.Queues[0].Partition)).ToList())
        {
            failure.Run(() => Close(task));
        }

        Publish();
        failure.Throw();
    }

    /// <summary>Closes them all, also when one fails to close.</summary>
    public void CloseAll()
    {
        var failure = new FirstFailure();
        while (all is [.., var last])
        {
            failure.Run(() => Close(last));
        }

        Open.Any = false;

        Publish();
        failure.Throw();
    }

    void Close(StreamTask task)
    {
        all.Remove(task);
        starting.Remove(task);
        Running.Remove(task);
        Touched.Remove(task);
        PunctuationsChanged();
        Array.ForEach(task.Queues, Intake.Unregister);
        task.Dispose();
    }

    (long DueUs, long WakeUs) Next()
    {
        if (next is not { } known)
        {
            known = (long.MaxValue, long.MaxValue);
            foreach (var task in Running)
            {
                known = (Math.Min(known.DueUs, task.NextWallPunctuationUs), Math.Min(known.WakeUs, task.NextWakeUs));
            }

            next = known;
        }

        return known;
    }

    void Publish() => Counters.Tasks = [.. all.Select(task => task.Counters)];
}
