using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>The clock's orders: their bytes, their windows, and their counts.</summary>
sealed class OpenOrders(OrderStore store, ForgottenOrders forgotten, Tally tally)
{
    readonly ByteBuffer scratch = new();

    /// <summary>How far orders were forgotten.</summary>
    public ForgottenOrders Forgotten => forgotten;

    public OrderStore Store => store;

    public bool TryGet(OrderId id, out OpenOrder order)
    {
        var isKnown = store.TryGet(id, out var value);
        order = isKnown ? OpenOrder.Read(value) : default;
        return isKnown;
    }

    /// <summary>Writes the order, and moves it between windows from where it was before.</summary>
    public void Put(OrderId id, in OpenOrder order, in OpenOrder before)
    {
        ClockTally.Moved(tally, before.Stage, order.Stage);
        var (from, to) = (before.Books.IndexedAt, order.Books.IndexedAt);
        // Copied first: the order is a view of bytes that are written over.
        scratch.Clear();
        order.Write(new(scratch));
        store.Put(id, scratch.Written, from, to);
    }

    /// <param name="completedAt">Of a calculated order; null else.</param>
    public void Forget(OrderId id, in OpenOrder order, UtcInstant? completedAt = null)
    {
        forgotten.Add(order.Mark, completedAt);
        ClockTally.Moved(tally, order.Stage, PendingStage.Unknown);
        store.Delete(id, order.Books.IndexedAt);
    }
}
