using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>The clock's windowed store: orders by id, and their windows of marks, taken from the lowest. Nothing leaves it by age alone.</summary>
sealed class OpenOrders(IKeyValueStore byId, DueOrders byDue, ForgottenOrders forgotten, Tally tally)
{
    readonly ByteBuffer scratch = new();

    /// <summary>How far orders were forgotten.</summary>
    public ForgottenOrders Forgotten => forgotten;

    public bool TryGet(OrderId id, out OpenOrder order)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        order = byId.TryGet(key, out var value) ? OpenOrder.Read(value) : default;
        return !value.IsEmpty;
    }

    /// <summary>Writes the order, and moves it between windows from where it was before.</summary>
    public void Put(OrderId id, in OpenOrder order, in OpenOrder before)
    {
        ClockTally.Moved(tally, before.Stage, order.Stage);
        var (indexedBefore, indexedNow) = (before.IndexedAt, order.IndexedAt);
        scratch.Clear();
        var to = new ByteWriter(scratch);
        order.WriteHead(to);
        to.Raw(order.RowBytes);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        byId.Put(key, scratch.Written);
        byDue.Move(id, indexedBefore, indexedNow);
    }

    /// <param name="completedAt">Of a calculated order; null else.</param>
    public void Forget(OrderId id, in OpenOrder order, UtcInstant? completedAt = null)
    {
        forgotten.Add(order.DueAt, completedAt);
        ClockTally.Moved(tally, order.Stage, Pending.PendingStage.Unknown);
        var indexed = order.IndexedAt;
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        byId.Delete(key);
        byDue.Move(id, indexed, null);
    }

    /// <summary>Takes what is due by <paramref name="through"/>, inclusive; each order has to be put or forgotten.</summary>
    public DueOrderScan Take(UtcInstant through, int max) => byDue.Take(through, max);

    /// <summary>All orders from a key on, by the unsigned value of their ids.</summary>
    public StoreScan From(ulong first)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(new((long)first), key);
        return byId.Scan(key, []);
    }
}
