using System.Collections.Immutable;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Testing;

/// <summary>A store's committed content in memory: an immutable sorted set, exchanged as a whole by each commit. Reads are safe from any thread.</summary>
public sealed class MemoryStoreBase : IStoreBase
{
    volatile ImmutableSortedSet<MemoryEntry> entries = ImmutableSortedSet.Create<MemoryEntry>(MemoryEntry.ByKey);

    public int Count => entries.Count;

    /// <summary>Applies the changes of one commit at once.</summary>
    public void Apply(IStoreChanges changes)
    {
        var builder = entries.ToBuilder();
        changes.VisitRanges((from, to) =>
        {
            var (start, end) = Bounds(builder.ToImmutable(), from, to);
            for (; end > start; end--)
            {
                builder.Remove(builder[start]);
            }
        });
        changes.Visit((key, value, deleted) =>
        {
            var entry = new MemoryEntry(key.ToArray(), value.ToArray());
            builder.Remove(entry);
            if (!deleted)
            {
                builder.Add(entry);
            }
        });
        entries = builder.ToImmutable();
    }

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var found = entries.TryGetValue(new(key.ToArray(), []), out var entry);
        value = found ? entry.Value : default;
        return found;
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        var snapshot = entries;
        var (start, end) = Bounds(snapshot, from, to);
        return new MemoryScan(snapshot, start, end, reverse);
    }

    public void Dispose()
    {
        // The content belongs to the log, not to the task that reads it.
    }

    static (int Start, int End) Bounds(ImmutableSortedSet<MemoryEntry> entries, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var start = from.IsEmpty ? 0 : LowerBound(entries, from);
        return (start, to.IsEmpty ? entries.Count : Math.Max(start, LowerBound(entries, to)));
    }

    static int LowerBound(ImmutableSortedSet<MemoryEntry> entries, ReadOnlySpan<byte> key)
    {
        var index = entries.IndexOf(new(key.ToArray(), []));
        return index < 0 ? ~index : index;
    }
}
