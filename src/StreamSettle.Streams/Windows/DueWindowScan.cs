using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Windows;

/// <summary>Takes entries of a <see cref="DueWindowStore"/>; what it stands on is taken. Reused by its store. Spans are valid until the next move.</summary>
public sealed class DueWindowScan : IDisposable
{
    readonly DueWindowStore store;
    StoreScan late = EmptyScan.Instance;
    StoreScan waiting = EmptyScan.Instance;
    StoreScan current = EmptyScan.Instance;
    long throughUs;
    long nextUs;
    int left;
    bool hasLate;
    bool hasWaiting;
    bool tookAny;
    bool isOpen;
    bool ended;

    internal DueWindowScan(DueWindowStore store) => this.store = store;

    public UtcInstant DueAt => DueWindowKey.DueOf(current.Key);

    public ReadOnlySpan<byte> Key => DueWindowKey.KeyOf(current.Key);

    public ReadOnlySpan<byte> Value => current.Value;

    /// <summary>When the first entry that was left is due, once <see cref="MoveNext"/> has returned false; null when nothing was left.</summary>
    public UtcInstant? LeftFrom { get; private set; }

    public bool MoveNext()
    {
        if (ended)
        {
            return false;
        }

        hasLate = current == late ? late.MoveNext() : hasLate;
        hasWaiting = current == waiting ? waiting.MoveNext() : hasWaiting;
        if (!(hasLate || hasWaiting))
        {
            return End(long.MaxValue);
        }

        var isLate = hasLate && (!hasWaiting || late.Key[1..].SequenceCompareTo(waiting.Key[1..]) < 0);
        current = isLate ? late : waiting;
        var dueAt = DueAt;
        if (dueAt.Microseconds > throughUs || left-- == 0)
        {
            LeftFrom = dueAt.Microseconds > throughUs ? null : dueAt;
            return End(dueAt.Microseconds);
        }

        tookAny |= store.Took(current.Key, isLate);
        return true;
    }

    public void Dispose()
    {
        if (!isOpen)
        {
            return;
        }

        (isOpen, ended) = (false, true);
        late.Dispose();
        waiting.Dispose();
        current = late = waiting = EmptyScan.Instance;
        store.Finish(tookAny, nextUs, throughUs);
    }

    /// <summary>Whether it may have passed entries that are put now and due then.</summary>
    internal bool Passes(long dueUs) => isOpen && dueUs <= throughUs;

    internal void Open(long dueThroughUs, int max, bool isEmpty)
    {
        if (isOpen)
        {
            throw new InvalidOperationException("entries are taken by one scan at a time: dispose the one before");
        }

        (throughUs, left, tookAny, isOpen, ended, LeftFrom) = (dueThroughUs, max, false, true, isEmpty, null);
        if (isEmpty)
        {
            nextUs = long.MaxValue;
        }
        else
        {
            // Who stops early leaves something, though nobody has looked at what.
            nextUs = long.MinValue;
            late = store.ScanLate();
            waiting = store.ScanWaiting();
            (hasLate, hasWaiting, current) = (late.MoveNext(), false, waiting);
        }
    }

    bool End(long firstLeftUs)
    {
        nextUs = firstLeftUs;
        ended = true;
        return false;
    }
}
