using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Windows;

/// <summary>
/// Entries by the time at which they are due, in windows of time over a task's key-value store, which it has for itself: put, moved and deleted by (due,
/// key), and taken from the lowest on. What is taken is not deleted entry by entry: a place in the store says how far it went, and a window that lies wholly
/// before it is dropped as one range. Age alone drops nothing: an entry leaves by being taken or deleted, so what waits is safe however late it is taken.
/// Made in <c>Init</c>.
/// </summary>
public sealed class DueWindowStore
{
    readonly IKeyValueStore entries;
    readonly long windowUs;
    readonly TakenThrough taken = new();
    readonly DueWindowScan scan;
    readonly ByteBuffer stored = new(64);
    readonly ByteBuffer bound = new(64);

    // All windows that start before it are dropped. A start drops from the beginning again: the window's length may have changed meanwhile.
    long droppedUs = long.MinValue;

    // When the window that was taken from last ends; never, when it holds nothing that was taken.
    long closesAtUs = long.MaxValue;
    long lowestUs = long.MinValue;
    bool mayBeLate = true;

    /// <param name="window">Length of a window: what is dropped at once. Short against the time that entries wait, long against the time between two takes.</param>
    public DueWindowStore(IKeyValueStore entries, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromMicroseconds(1));
        this.entries = entries;
        windowUs = window.Ticks / TimeSpan.TicksPerMicrosecond;
        scan = new(this);
        if (entries.TryGet(DueWindowKey.Taken, out var place))
        {
            taken.Restore(place);
            closesAtUs = EndOfTakenWindow();
        }
    }

    public void Put(UtcInstant dueAt, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length);
        var isLate = WasPassed(dueAt, key) || scan.Passes(dueAt.Microseconds);
        if (mayBeLate || isLate)
        {
            Delete(dueAt, key);
        }

        stored.WrittenMutable[0] = isLate ? DueWindowKey.Late : DueWindowKey.Waiting;
        entries.Put(stored.Written, value);
        mayBeLate |= isLate;
        lowestUs = Math.Min(lowestUs, dueAt.Microseconds);
    }

    /// <summary>Deletes an entry that waits. One that was taken is gone already: that costs nothing.</summary>
    public void Delete(UtcInstant dueAt, scoped ReadOnlySpan<byte> key)
    {
        if (!WasPassed(dueAt, key))
        {
            entries.Delete(stored.Written);
        }

        if (mayBeLate)
        {
            stored.WrittenMutable[0] = DueWindowKey.Late;
            entries.Delete(stored.Written);
        }
    }

    /// <summary>Moves an entry; null is nowhere. One that was taken and is moved to where it was waits there again.</summary>
    public void Move(UtcInstant? from, UtcInstant? to, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value = default)
    {
        if (from is { } before && from != to)
        {
            Delete(before, key);
        }

        if (to is { } now && (from != to || WasPassed(now, key)))
        {
            Put(now, key, value);
        }
    }

    /// <summary>
    /// Takes what is due by <paramref name="through"/> (inclusive) in order of due time and key, window by window: every entry that the scan moves to is taken.
    /// It sees the store as it was when it began, so entries may be put, moved and deleted meanwhile; what is put is taken by the next one at the earliest.
    /// Dispose it before the next call of this.
    /// </summary>
    /// <param name="max">Entries to take at most; <see cref="DueWindowScan.LeftFrom"/> says what was left.</param>
    public DueWindowScan Take(UtcInstant through, int max = int.MaxValue)
    {
        var throughUs = through.Microseconds;
        var isEmpty = lowestUs > throughUs;
        scan.Open(throughUs, max, isEmpty);
        lowestUs = isEmpty ? lowestUs : long.MaxValue;
        return scan;
    }

    /// <summary>When the first entry that waits is due, if by <paramref name="through"/> (inclusive); else null.</summary>
    public UtcInstant? First(UtcInstant through)
    {
        if (lowestUs > through.Microseconds)
        {
            return null;
        }

        lowestUs = Math.Min(FirstOf(ScanLate()), FirstOf(ScanWaiting()));
        return lowestUs <= through.Microseconds ? new(lowestUs) : null;
    }

    internal StoreScan ScanLate()
    {
        if (!mayBeLate)
        {
            return EmptyScan.Instance;
        }

        DueWindowKey.WriteHead(stored, DueWindowKey.Late, long.MinValue);
        return entries.Scan(stored.Written, DueWindowKey.EndOf(DueWindowKey.Late));
    }

    internal StoreScan ScanWaiting()
    {
        taken.WriteNext(stored);
        return entries.Scan(stored.Written, DueWindowKey.EndOf(DueWindowKey.Waiting));
    }

    /// <returns>Whether the place moved up to which was taken.</returns>
    internal bool Took(ReadOnlySpan<byte> entry, bool isLate)
    {
        if (isLate)
        {
            entries.Delete(entry);
        }

        return taken.MoveTo(entry);
    }

    /// <summary>Writes down how far was taken, and drops the windows before.</summary>
    /// <param name="nextUs">When the first entry that was left is due; the end of time for none.</param>
    internal void Finish(bool tookAny, long nextUs, long throughUs)
    {
        lowestUs = Math.Min(lowestUs, nextUs);
        mayBeLate = mayBeLate && FirstOf(ScanLate()) < long.MaxValue;
        closesAtUs = tookAny ? EndOfTakenWindow() : closesAtUs;
        if (closesAtUs < long.MaxValue && closesAtUs <= throughUs && closesAtUs <= nextUs)
        {
            taken.MoveToStartOfWindow(closesAtUs);
            closesAtUs = long.MaxValue;
            tookAny = true;
        }

        if (tookAny)
        {
            entries.Put(DueWindowKey.Taken, taken.Stored);
            DropWindows();
        }
    }

    /// <summary>Writes the entry's key to <see cref="stored"/>, and says whether its place was taken already.</summary>
    bool WasPassed(UtcInstant dueAt, scoped ReadOnlySpan<byte> key)
    {
        DueWindowKey.Write(stored, DueWindowKey.Waiting, dueAt.Microseconds, key);
        return taken.Covers(stored.Written);
    }

    void DropWindows()
    {
        var startUs = StartOfWindow(taken.DueAt.Microseconds);
        if (startUs > droppedUs)
        {
            DueWindowKey.WriteHead(stored, DueWindowKey.Waiting, droppedUs);
            DueWindowKey.WriteHead(bound, DueWindowKey.Waiting, startUs);
            entries.DeleteRange(stored.Written, bound.Written);
            droppedUs = startUs;
        }
    }

    /// <summary>Due time of the first entry, and the scan is disposed; the end of time for none.</summary>
    static long FirstOf(StoreScan found)
    {
        using (found)
        {
            return found.MoveNext() ? DueWindowKey.DueOf(found.Key).Microseconds : long.MaxValue;
        }
    }

    long EndOfTakenWindow() =>
        taken.IsNone || taken.IsStartOfWindow || StartOfWindow(taken.DueAt.Microseconds) is var start && start > long.MaxValue - windowUs ? long.MaxValue : start + windowUs;

    // Rounds down, before the epoch too; the first window of all is cut off.
    long StartOfWindow(long dueUs)
    {
        var (windows, rest) = Math.DivRem(dueUs, windowUs);
        windows -= rest < 0 ? 1 : 0;
        return windows < long.MinValue / windowUs ? long.MinValue : windows * windowUs;
    }
}
