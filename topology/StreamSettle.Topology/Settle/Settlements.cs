using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>Settle's store: settlements by order id, and an index by (time, id) of those that wait for their release or for the end of their retention.</summary>
sealed class Settlements(IKeyValueStore byId, IKeyValueStore byDue, Tally tally)
{
    readonly ByteBuffer scratch = new();

    /// <summary>No entry of the index is below.</summary>
    public UtcInstant LowestIndexed { get; set; } = new(long.MinValue);

    public SettlementState? Find(OrderId id)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        return byId.TryGet(key, out var value) ? SettlementCodec.Read(value) : null;
    }

    /// <summary>Writes the state, and moves it in the index from where it was before.</summary>
    public void Put(SettlementState state, SettlementState? before)
    {
        SettleTally.Moved(tally, before, state);
        var indexedBefore = before?.IndexedAt;
        scratch.Clear();
        SettlementCodec.Write(new(scratch), state);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(state.Order, key);
        byId.Put(key, scratch.Written);
        if (indexedBefore == state.IndexedAt)
        {
            return;
        }

        if (indexedBefore is { } old)
        {
            DueIndex.Delete(byDue, new(old, state.Order));
        }

        if (state.IndexedAt is { } at)
        {
            LowestIndexed = at < LowestIndexed ? at : LowestIndexed;
            DueIndex.Put(byDue, new(at, state.Order));
        }
    }

    public void Forget(SettlementState state)
    {
        SettleTally.Moved(tally, state, null);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(state.Order, key);
        byId.Delete(key);
        if (state.IndexedAt is { } at)
        {
            DueIndex.Delete(byDue, new(at, state.Order));
        }
    }

    /// <summary>The index up to <paramref name="through"/>, inclusive.</summary>
    public StoreScan Due(UtcInstant through) => DueIndex.Scan(byDue, LowestIndexed, through);

    /// <summary>The earliest entry of the index; null for none.</summary>
    public UtcInstant? First(UtcInstant through)
    {
        using var scan = Due(through);
        return scan.MoveNext() ? DueKey.Read(scan.Key).DueAt : null;
    }
}
