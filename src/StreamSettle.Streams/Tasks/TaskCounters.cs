using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Tasks;

/// <summary>Counts of one task, written by its thread, read by any: no lock, and none is older than the last commit or record.</summary>
sealed class TaskCounters(TaskId id, RecordQueue[] queues, TaskStates states)
{
    long processed;
    long unreadable;
    volatile OverlayStore[] stores = [];

    public TaskId Id { get; } = id;

    public TaskState State => states.Current;

    public long RecordsProcessed => Volatile.Read(ref processed);

    public long RecordsUnreadable => Volatile.Read(ref unreadable);

    public IReadOnlyList<TopicPartition> Partitions { get; } = [.. queues.Select(queue => queue.Partition)];

    /// <summary>Those that are open.</summary>
    public OverlayStore[] Stores
    {
        get => stores;
        set => stores = value;
    }

    public long Position(int index) => queues[index].Position;

    public void Processed() => Volatile.Write(ref processed, processed + 1);

    public void Unreadable() => Volatile.Write(ref unreadable, unreadable + 1);
}
