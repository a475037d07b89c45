using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>
/// One partition's bounds in memory: offsets from <see cref="Start"/> (first kept) to <see cref="End"/> (next to be given).
/// Read by any thread; changed under the commit lock.
/// </summary>
internal sealed class PartitionLog(int topicId, TopicPartition partition, long start, long end)
{
    readonly Lock watching = new();
    long start = start;
    long end = end;
    long reserved = end;
    EndMoves[] watchers = [];

    public int TopicId { get; } = topicId;

    public TopicPartition Partition { get; } = partition;

    public TopicRetention Retention { get; set; }

    public PartitionReaders Readers { get; } = new();

    public long Start => Volatile.Read(ref start);

    /// <summary>What is committed only.</summary>
    public long End => Volatile.Read(ref end);

    /// <summary>Bytes appended since this start of the program and not purged yet; an estimate that only times the purge.</summary>
    public long UnpurgedBytes { get; private set; }

    /// <summary>Gives the next offsets; they count when <see cref="Publish"/> follows.</summary>
    public long Reserve(int count)
    {
        var first = reserved;
        reserved += count;
        return first;
    }

    /// <summary>What was reserved is durable: readers may see it.</summary>
    public void Publish(int bytes)
    {
        UnpurgedBytes += bytes;
        Volatile.Write(ref end, reserved);
        foreach (var watcher in Volatile.Read(ref watchers))
        {
            watcher.Moved();
        }
    }

    /// <summary>Counts in <paramref name="moves"/> as well, for as long as the log is open.</summary>
    public void Watch(EndMoves moves)
    {
        lock (watching)
        {
            Volatile.Write(ref watchers, [.. watchers, moves]);
        }
    }

    /// <summary>The commit failed: its offsets go to the next one.</summary>
    public void Cancel() => reserved = end;

    public void Purged(long newStart, long bytes)
    {
        UnpurgedBytes = Math.Max(0, UnpurgedBytes - bytes);
        Volatile.Write(ref start, newStart);
    }

    public void WriteKey(Span<byte> destination, long offset) => LogKey.Write(destination, TopicId, Partition.Partition, offset);
}
