using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Windows;

namespace StreamSettle.Topology.Orders;

/// <summary>
/// Takes orders from their due windows. What is taken waits no longer, so each order has to be moved, to another time or to nowhere, before the next one is
/// taken: none that was overlooked is ever committed past. Reused by its <see cref="DueOrders"/>.
/// </summary>
sealed class DueOrderScan : IDisposable
{
    DueWindowScan entries = null!;
    OrderId? owed;

    public UtcInstant DueAt => entries.DueAt;

    public OrderId Order => DueOrders.OrderOf(entries.Key);

    /// <inheritdoc cref="DueWindowScan.LeftFrom"/>
    public UtcInstant? LeftFrom => entries.LeftFrom;

    /// <exception cref="BrokenInvariantException">The order that was taken before was neither moved nor forgotten.</exception>
    public bool MoveNext()
    {
        ThrowIfOwed();
        var moved = entries.MoveNext();
        owed = moved ? Order : null;
        return moved;
    }

    /// <exception cref="CorruptStateException">What is kept of the order says that it waits elsewhere.</exception>
    public void Check(UtcInstant? indexedAt)
    {
        if (indexedAt != DueAt)
        {
            throw new CorruptStateException($"the due windows have order {Order} at {DueAt}, what is kept of the order itself says {indexedAt}");
        }
    }

    public void Dispose() => entries.Dispose();

    internal DueOrderScan Over(DueWindowScan taken)
    {
        ThrowIfOwed();
        entries = taken;
        return this;
    }

    internal void Moved(OrderId order) => owed = owed == order ? null : owed;

    void ThrowIfOwed()
    {
        if (owed is { } order)
        {
            throw new BrokenInvariantException($"order {order} was taken from its due window and has neither been put back nor forgotten");
        }
    }
}
