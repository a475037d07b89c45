using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Stores;

/// <summary>
/// A task's store: what was written since the last commit, in memory, over what was committed. Reads see both; the commit takes the
/// former as <see cref="Changes"/>, so an aborted one leaves nothing behind.
/// </summary>
/// <param name="open">Told of every write.</param>
sealed class OverlayStore(StoreSpec spec, IStoreBase committed, OpenWork? open = null) : IKeyValueStore, IDisposable
{
    readonly OverlayTable table = new();
    readonly OpenWork open = open ?? new();
    readonly Stack<OverlayScan> freeScans = new();
    OverlayOrder? order;

    public StoreSpec Spec { get; } = spec;

    public IStoreChanges Changes => table;

    public int OverlayBytes => table.Bytes;

    /// <summary>Grows with every <see cref="ClearOverlay"/>: a scan does not live past a commit.</summary>
    public int Generation { get; private set; }

    OverlayOrder Order => order ??= new(table);

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var index = table.Find(key);
        if (index < 0)
        {
            value = default;
            return !table.IsDropped(key, table.Sequence) && committed.TryGet(key, out value);
        }

        ref readonly var entry = ref table[index];
        var found = entry.ValueLength >= 0;
        value = found ? table.Slice(entry.ValueStart, entry.ValueLength) : default;
        return found;
    }

    public void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value) => Set(key, value, deleted: false);

    public void Delete(scoped ReadOnlySpan<byte> key) => Set(key, default, deleted: true);

    public void DeleteRange(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        if (!to.IsEmpty && from.SequenceCompareTo(to) >= 0)
        {
            return;
        }

        var (start, end) = table.Count == 0 ? (0, 0) : Order.Range(from, to);
        for (var i = start; i < end; i++)
        {
            table.Drop(Order.Sorted[i]);
        }

        table.AddRange(from, to);
        open.Any = true;
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        var (start, end) = table.Count == 0 ? (0, 0) : Order.Range(from, to);
        var scan = committed.Scan(from, to, reverse);
        if (start == end && !table.RangesMeet(from, to))
        {
            return scan;
        }

        var merged = freeScans.TryPop(out var used) ? used : new OverlayScan(this, table);
        table.OpenScans++;
        merged.Open(scan, start == end ? [] : Order.Sorted, start, end, reverse);
        return merged;
    }

    /// <inheritdoc cref="IStoreBase.RestoreMore"/>
    public bool RestoreMore() => committed.RestoreMore();

    /// <inheritdoc cref="IStoreBase.Restored"/>
    public StoreRestore Restored => committed.Restored;

    /// <summary>Forgets the writes, after they were committed.</summary>
    public void ClearOverlay()
    {
        table.Clear();
        order?.Clear();
        Generation++;
    }

    public void Closed(OverlayScan scan)
    {
        table.OpenScans--;
        freeScans.Push(scan);
    }

    public void Dispose() => committed.Dispose();

    void Set(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, bool deleted)
    {
        var index = table.Set(key, value, deleted, out var isNew);
        open.Any = true;
        if (isNew)
        {
            Order.Added(index);
        }
    }
}
