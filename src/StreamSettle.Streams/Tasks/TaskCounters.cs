using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>Counts of one task, written by its thread, read by any: no lock, and none is older than the last commit or record.</summary>
sealed class TaskCounters(TaskId id, RecordQueue[] queues, TaskStates states)
{
    long processed;
    long unreadable;

    public TaskId Id { get; } = id;

    public TaskState State => states.Current;

    public long RecordsProcessed => Volatile.Read(ref processed);

    public long RecordsUnreadable => Volatile.Read(ref unreadable);

    public IReadOnlyList<TopicPartition> Partitions { get; } = [.. queues.Select(queue => queue.Partition)];

    public long Position(int index) => queues[index].Position;

    public void Processed() => Volatile.Write(ref processed, processed + 1);

    public void Unreadable() => Volatile.Write(ref unreadable, unreadable + 1);
}
