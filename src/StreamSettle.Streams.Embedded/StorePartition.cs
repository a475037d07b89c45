using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Embedded;

/// <summary>Which partition of a store a task sees.</summary>
internal static class StorePartition
{
    /// <summary>The task's own; a global store is kept once, as partition 0.</summary>
    public static int PartitionOf(this StoreSpec store, TaskId task) => store.Global ? 0 : task.Partition;
}
