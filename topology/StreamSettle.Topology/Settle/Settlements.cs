using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Settle's stores: settlements by order id, which change with every call; how their money was divided, which is written once; and the windows of those that
/// wait for their release or for the end of their retention.
/// </summary>
sealed class Settlements(IKeyValueStore byId, IKeyValueStore divisions, DueOrders byDue, Tally tally)
{
    readonly ByteBuffer scratch = new();

    public KeptSettlement? Find(OrderId id)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        return byId.TryGet(key, out var value) ? KeptSettlementCodec.Read(id, value) : null;
    }

    /// <summary>Writes the settlement, and moves it between windows from where it was before.</summary>
    public void Put(KeptSettlement kept, KeptSettlement? before)
    {
        SettleTally.Moved(tally, before?.State, kept.State);
        scratch.Clear();
        KeptSettlementCodec.Write(new(scratch), kept);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(kept.Order, key);
        byId.Put(key, scratch.Written);
        byDue.Move(kept.Order, before?.Books.IndexedAt, kept.Books.IndexedAt);
    }

    /// <exception cref="CorruptStateException">The order is not calculated.</exception>
    public Division DivisionOf(OrderId id)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        return divisions.TryGet(key, out var value)
            ? DivisionCodec.Read(value)
            : throw new CorruptStateException($"order {id} is settled, but how its money was divided is not there; restore the state directory from a backup");
    }

    /// <summary>Keeps what is written once, at the calculation.</summary>
    public void Keep(OrderId id, Division division)
    {
        scratch.Clear();
        DivisionCodec.Write(new(scratch), division);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        divisions.Put(key, scratch.Written);
    }

    public void Forget(KeptSettlement kept)
    {
        SettleTally.Moved(tally, kept.State, null);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(kept.Order, key);
        byId.Delete(key);
        if (kept.State.Settled is not null)
        {
            divisions.Delete(key);
        }

        byDue.Move(kept.Order, kept.Books.IndexedAt, null);
    }

    /// <summary>Takes what is due by <paramref name="through"/>, inclusive; each settlement has to be put or forgotten.</summary>
    public DueOrderScan Take(UtcInstant through, int max) => byDue.Take(through, max);

    /// <summary>When the first one up to <paramref name="through"/> has to be looked at; null for none.</summary>
    public UtcInstant? First(UtcInstant through) => byDue.First(through);
}
