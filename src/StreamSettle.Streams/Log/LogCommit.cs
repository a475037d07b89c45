using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Log;

/// <summary>One transaction of a stream thread. Reused: <see cref="Clear"/> keeps the buffers.</summary>
public sealed class LogCommit
{
    /// <summary>Records to append, a batch a partition; offsets follow the batch's order. At most one batch a partition.</summary>
    public List<(TopicPartition Partition, RecordBatch Batch)> Outputs { get; } = [];

    /// <summary>What the tasks wrote to their stores.</summary>
    public List<(StoreSpec Store, TaskId Task, IStoreChanges Changes)> Stores { get; } = [];

    /// <summary>The next offset to read of each partition that the client owns, as a rule also of those it has not moved in; see <see cref="ILogClient.BeginCommit"/>.</summary>
    public List<(TopicPartition Partition, long NextOffset)> Positions { get; } = [];

    /// <summary>Small named values that are part of the transaction (the connector's source offset). Read back with <see cref="IStreamLog.ReadMetadata"/>.</summary>
    public List<(string Name, byte[] Value)> Metadata { get; } = [];

    /// <summary>
    /// It survives kill -9, and power loss as soon as a later commit does: for what can be done again from the log, and of which nothing leaves the process. A log that gains nothing by it takes it as any
    /// other. Default false.
    /// </summary>
    public bool MayBeDoneAgain { get; set; }

    public bool IsEmpty => Outputs.Count == 0 && Stores.Count == 0 && Positions.Count == 0 && Metadata.Count == 0;

    public void Clear()
    {
        Outputs.Clear();
        Stores.Clear();
        Positions.Clear();
        Metadata.Clear();
        MayBeDoneAgain = false;
    }
}

/// <summary>The deleted ranges and the last write of each key since the last commit.</summary>
public interface IStoreChanges
{
    /// <summary>Changed keys and deleted ranges.</summary>
    int Count { get; }

    /// <summary>Calls <paramref name="visit"/> once a deleted range. They come before all changes of <see cref="Visit"/>, which may put keys into a range again.</summary>
    void VisitRanges(StoreRangeVisitor visit);

    /// <summary>Calls <paramref name="visit"/> once a key, in any order; keys that only a deleted range changed are left out.</summary>
    void Visit(StoreChangeVisitor visit);
}

/// <summary>One changed key; <paramref name="deleted"/> leaves the value empty.</summary>
public delegate void StoreChangeVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool deleted);

/// <summary>All keys from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive, empty for no bound) are deleted.</summary>
public delegate void StoreRangeVisitor(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to);
