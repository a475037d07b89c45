namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Instants of the monotonic clock with the server's position after them, that wait until Connect has committed up to there. Oldest first. Not thread-safe.</summary>
internal sealed class AwaitedPoints
{
    /// <summary>More than come within a silence: Debezium is far behind when there are as many, and the oldest say enough.</summary>
    const int Most = 64;

    readonly Queue<(long At, ulong Lsn, IReadOnlyList<long> WholeEnds)> waiting = new();

    /// <summary>The instant of the oldest one that still waits; null for none.</summary>
    public long? OldestAt => waiting.TryPeek(out var oldest) ? oldest.At : null;

    /// <param name="wholeEnds">Ends of the topic's partitions from before the position was asked for.</param>
    public void Add(long at, ulong lsn, IReadOnlyList<long> wholeEnds)
    {
        if (waiting.Count < Most)
        {
            waiting.Enqueue((at, lsn, wholeEnds));
        }
    }

    /// <summary>The youngest one whose position has been reached; null where none has.</summary>
    public (long At, IReadOnlyList<long> WholeEnds)? Reached(ulong lsn)
    {
        (long, IReadOnlyList<long>)? reached = null;
        while (waiting.TryPeek(out var next) && next.Lsn <= lsn)
        {
            waiting.Dequeue();
            reached = (next.At, next.WholeEnds);
        }

        return reached;
    }

    public void Clear() => waiting.Clear();
}
