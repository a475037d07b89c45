namespace StreamSettle.Streams.Stores;

/// <summary>Merges the overlay's keys with a scan of the committed ones; the overlay wins, and its deleted keys hide. Reused.</summary>
sealed class OverlayScan(OverlayStore store, OverlayTable table) : StoreScan
{
    StoreScan committed = null!;
    int[] sorted = [];
    int at;
    int end;
    int step;
    int generation;
    long sequence;
    bool isOpen;
    bool committedHasCurrent;
    int valueStart;
    int valueLength;
    Side side;

    /// <summary>Whose entry the scan stands on.</summary>
    enum Side
    {
        None,
        Overlay,
        Committed,
        Both,
    }

    public override ReadOnlySpan<byte> Key => side == Side.Committed ? committed.Key : table.KeyOf(sorted[at]);

    public override ReadOnlySpan<byte> Value => side == Side.Committed ? committed.Value : table.Slice(valueStart, valueLength);

    public void Open(StoreScan committedScan, int[] sortedEntries, int start, int endExclusive, bool reverse)
    {
        committed = committedScan;
        sorted = sortedEntries;
        (at, end, step) = reverse ? (endExclusive - 1, start - 1, -1) : (start, endExclusive, 1);
        sequence = table.Sequence;
        generation = store.Generation;
        committedHasCurrent = MoveCommitted();
        side = Side.None;
        isOpen = true;
    }

    public override bool MoveNext()
    {
        if (!isOpen || generation != store.Generation)
        {
            throw new InvalidOperationException($"a scan of store '{store.Spec.Name}' is used after it was disposed or after a commit");
        }

        Leave();
        while (true)
        {
            side = NextSide();
            if (side is Side.None or Side.Committed || IsVisible())
            {
                return side != Side.None;
            }

            Leave();
        }
    }

    public override void Dispose()
    {
        if (isOpen)
        {
            isOpen = false;
            committed.Dispose();
            store.Closed(this);
        }
    }

    /// <summary>Moves past the entry the scan stands on.</summary>
    void Leave()
    {
        if (side is Side.Overlay or Side.Both)
        {
            at += step;
        }

        if (side is Side.Committed or Side.Both)
        {
            committedHasCurrent = MoveCommitted();
        }
    }

    /// <summary>Goes to the next committed entry that no deleted range hides.</summary>
    bool MoveCommitted()
    {
        while (committed.MoveNext())
        {
            if (!table.IsDropped(committed.Key, sequence))
            {
                return true;
            }
        }

        return false;
    }

    Side NextSide()
    {
        // Keys that came after the scan began are not in the overlay as it sees it.
        while (at != end && !table.TryGetAt(sorted[at], sequence, out valueStart, out valueLength))
        {
            at += step;
        }

        if (at == end)
        {
            return committedHasCurrent ? Side.Committed : Side.None;
        }

        var comparison = committedHasCurrent ? step * table.KeyOf(sorted[at]).SequenceCompareTo(committed.Key) : -1;
        return comparison switch { < 0 => Side.Overlay, 0 => Side.Both, _ => Side.Committed };
    }

    bool IsVisible() => valueLength >= 0;
}
