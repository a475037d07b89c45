using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>Counts of one worker, written by its thread, read by any.</summary>
sealed class WorkerCounters
{
    long commits;
    long lastCommitUs = long.MinValue;
    volatile TaskCounters[] tasks = [];

    public long Commits => Volatile.Read(ref commits);

    /// <summary>When the last commit returned; null before the first.</summary>
    public UtcInstant? LastCommit => Volatile.Read(ref lastCommitUs) is var us && us == long.MinValue ? null : new UtcInstant(us);

    /// <summary>Exchanged as a whole when tasks come or go.</summary>
    public TaskCounters[] Tasks
    {
        get => tasks;
        set => tasks = value;
    }

    public void Committed(UtcInstant at)
    {
        Volatile.Write(ref commits, commits + 1);
        Volatile.Write(ref lastCommitUs, at.Microseconds);
    }
}
