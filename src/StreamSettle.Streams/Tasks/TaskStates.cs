using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Tasks;

/// <summary>The life of a task. Which state may follow which is <see cref="Next"/>, and nothing else. Written by the task's thread, read by any.</summary>
sealed class TaskStates(TaskId task)
{
    volatile TaskState current = TaskState.Created;

    public static IReadOnlyDictionary<TaskState, TaskState[]> Next { get; } = new Dictionary<TaskState, TaskState[]>
    {
        [TaskState.Created] = [TaskState.Restoring, TaskState.Closed],
        [TaskState.Restoring] = [TaskState.Running, TaskState.Suspended],
        [TaskState.Running] = [TaskState.Suspended],
        [TaskState.Suspended] = [TaskState.Closed],
        [TaskState.Closed] = [],
    };

    public TaskState Current => current;

    /// <exception cref="BrokenInvariantException">The table does not have it.</exception>
    public void Go(TaskState next)
    {
        if (!Next[current].Contains(next))
        {
            throw new BrokenInvariantException($"task {task} is {current}, which is not followed by {next}");
        }

        current = next;
    }

    /// <summary>The table as text, a line a state.</summary>
    public static string Print() =>
        string.Concat(Next.Select(row => $"{row.Key} -> {(row.Value.Length == 0 ? "(end)" : string.Join(", ", row.Value))}\n"));
}
