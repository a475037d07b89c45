using System.Collections.Immutable;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Testing;

/// <summary>A range of an immutable set, forward or in reverse.</summary>
sealed class MemoryScan(ImmutableSortedSet<MemoryEntry> entries, int start, int end, bool reverse) : StoreScan
{
    int at = reverse ? end : start - 1;

    public override ReadOnlySpan<byte> Key => entries[at].Key;

    public override ReadOnlySpan<byte> Value => entries[at].Value;

    public override bool MoveNext()
    {
        at = reverse ? at - 1 : at + 1;
        return at >= start && at < end;
    }

    public override void Dispose()
    {
        // The set is immutable: there is nothing to give back.
    }
}
