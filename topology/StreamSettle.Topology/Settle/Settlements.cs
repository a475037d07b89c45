using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>Settle's orders: their bytes, which change with every call, how their money was divided, which is written once, their windows, and their counts.</summary>
sealed class Settlements(OrderStore store, IKeyValueStore divisions, HeldOrders held, WaitingPayouts payouts, Tally tally)
{
    readonly ByteBuffer scratch = new();

    public OrderStore Store => store;

    public HeldOrders Held => held;

    public WaitingPayouts Payouts => payouts;

    public KeptSettlement? Find(OrderId id) => store.TryGet(id, out var value) ? KeptSettlementCodec.Read(id, value) : null;

    /// <summary>Writes the settlement, and moves it between windows from where it was before.</summary>
    public void Put(KeptSettlement kept, KeptSettlement? before)
    {
        SettleTally.Moved(tally, before?.State, kept.State);
        scratch.Clear();
        KeptSettlementCodec.Write(new(scratch), kept);
        store.Put(kept.Order, scratch.Written, before?.Books.Order.IndexedAt, kept.Books.Order.IndexedAt);
        held.Move(kept.Order, kept.State.Merchant, HeldAt(before?.State), HeldAt(kept.State));
        payouts.Move(kept.Order, before?.State, kept.State);
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
        store.Delete(kept.Order, kept.Books.Order.IndexedAt);
        held.Move(kept.Order, kept.State.Merchant, HeldAt(kept.State), null);
        payouts.Move(kept.Order, kept.State, null);
        if (kept.State.Settled is not null)
        {
            Span<byte> key = stackalloc byte[OrderKey.Size];
            OrderKey.Write(kept.Order, key);
            divisions.Delete(key);
        }
    }

    static UtcInstant? HeldAt(SettlementState? state) => state is { Held.IsEmpty: false } ? state.DueAt : null;
}
