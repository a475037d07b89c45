using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Settle's stores: settlements by order id, how their money was divided, which is written once, and the windows of those that wait for their release or for
/// the end of their retention.
/// </summary>
sealed class Settlements(IKeyValueStore byId, IKeyValueStore divisions, DueOrders byDue, Tally tally)
{
    readonly ByteBuffer scratch = new();
    Func<OrderId, Division>? divisionOf;

    public SettlementState? Find(OrderId id)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        return byId.TryGet(key, out var value) ? SettlementCodec.Read(value, divisionOf ??= DivisionOf) : null;
    }

    /// <summary>Writes the state, and moves it between windows from where it was before.</summary>
    public void Put(SettlementState state, SettlementState? before)
    {
        SettleTally.Moved(tally, before, state);
        var indexedBefore = before?.IndexedAt;
        scratch.Clear();
        SettlementCodec.Write(new(scratch), state);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(state.Order, key);
        byId.Put(key, scratch.Written);
        if (state.Settled is { } settled && before?.Settled is null)
        {
            scratch.Clear();
            DivisionCodec.Write(new(scratch), settled.Division.Value);
            divisions.Put(key, scratch.Written);
        }

        byDue.Move(state.Order, indexedBefore, state.IndexedAt);
    }

    public void Forget(SettlementState state)
    {
        SettleTally.Moved(tally, state, null);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(state.Order, key);
        byId.Delete(key);
        if (state.Settled is not null)
        {
            divisions.Delete(key);
        }

        byDue.Move(state.Order, state.IndexedAt, null);
    }

    /// <summary>Takes what is due by <paramref name="through"/>, inclusive; each settlement has to be put or forgotten.</summary>
    public DueOrderScan Take(UtcInstant through, int max) => byDue.Take(through, max);

    /// <summary>When the first one up to <paramref name="through"/> has to be looked at; null for none.</summary>
    public UtcInstant? First(UtcInstant through) => byDue.First(through);

    Division DivisionOf(OrderId id)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        return divisions.TryGet(key, out var value)
            ? DivisionCodec.Read(value)
            : throw new CorruptStateException($"order {id} is settled, but how its money was divided is not there; restore the state directory from a backup");
    }
}
