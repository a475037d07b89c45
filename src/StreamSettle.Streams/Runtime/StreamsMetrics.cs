using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>What an application has done so far, at one moment.</summary>
public sealed record StreamsMetrics(StreamsState State, IReadOnlyList<ThreadMetrics> Threads);

/// <param name="Commits">Transactions since the start.</param>
/// <param name="LastCommit">When the last one returned; null before the first.</param>
public sealed record ThreadMetrics(string Thread, long Commits, UtcInstant? LastCommit, IReadOnlyList<TaskMetrics> Tasks);

/// <param name="RecordsProcessed">Since the task came to the thread.</param>
/// <param name="RecordsUnreadable">Those of them that the deserialization handler was asked about.</param>
public sealed record TaskMetrics(TaskId Task, TaskState State, long RecordsProcessed, long RecordsUnreadable, IReadOnlyList<PartitionMetrics> Partitions)
{
    /// <summary>Its stores and how far each was restored when the task came; on a log that keeps them whole nothing of nothing.</summary>
    public IReadOnlyList<StoreMetrics> Stores { get; init; } = [];
}

/// <param name="Restore">Done when the task runs.</param>
public sealed record StoreMetrics(string Store, StoreRestore Restore);

/// <param name="Position">The offset that the task processes next.</param>
/// <param name="EndOffset">The committed end of the partition.</param>
public sealed record PartitionMetrics(TopicPartition Partition, long Position, long EndOffset)
{
    /// <summary>Records that wait.</summary>
    public long Lag => Math.Max(0, EndOffset - Position);
}
