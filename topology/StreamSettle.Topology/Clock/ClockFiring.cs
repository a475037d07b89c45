using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>Takes what is due from the lowest window, and only that, so its cost follows what is due and never what is pending.</summary>
/// <param name="ordersMax">Most orders that are taken in one punctuation.</param>
sealed class ClockFiring(OpenOrders orders, ClockChanges changes, ClockScheduler scheduler, ClockOutputs outputs, WholeTransactions whole, int ordersMax)
{
    /// <summary>Looks at what is due.</summary>
    /// <param name="provenEnd">Orders that were altered from this offset on wait: what is known of them may be the middle of a transaction.</param>
    public FiredOrders Fire(UtcInstant now, long provenEnd)
    {
        whole.Prove(provenEnd);
        var fired = 0;
        UtcInstant? last = null;
        using var scan = orders.Store.Take(now, ordersMax);
        while (scan.MoveNext())
        {
            var (id, mark) = (scan.Order, scan.DueAt);
            switch (Look(id, scan, now, provenEnd))
            {
                case Looked.Waits:
                    // Those behind it wait too, so that none overtakes it: till the next mark of the source has been read.
                    return new(fired, mark - TimeSpan.FromMicroseconds(1), last, id);
                case Looked.HandedOver:
                    fired++;
                    last = mark;
                    break;
            }
        }

        return new(fired, scan.LeftFrom is { } left ? left - TimeSpan.FromMicroseconds(1) : now, last, null);
    }

    Looked Look(OrderId id, DueOrderScan scan, UtcInstant now, long provenEnd)
    {
        if (!orders.TryGet(id, out var order))
        {
            throw new CorruptStateException($"the due windows have order {id} at {scan.DueAt}, which the clock does not know");
        }

        scan.Check(order.Books.IndexedAt);
        if (order.Stage != PendingStage.Scheduled)
        {
            scheduler.Rest(id, order, now);
            return Looked.PutElsewhere;
        }

        if (changes.TakeSwept(id, now))
        {
            return Looked.PutElsewhere;
        }

        if (order.Books.AlteredEnd > provenEnd)
        {
            orders.Put(id, order, order);
            return Looked.Waits;
        }

        // What the mark rests on may have changed since the row was read: it is taken anew, and a later one is never fired early.
        if (!scheduler.Pass(id, order, now, out var due))
        {
            return Looked.PutElsewhere;
        }

        HandOver(id, order, due);
        return Looked.HandedOver;
    }

    /// <summary>From here on settle owns the order, by the merchant that it has now.</summary>
    /// <param name="due">What its facts say, the passing of its mark with them.</param>
    void HandOver(OrderId id, in OpenOrder order, PendingState due)
    {
        outputs.Forward(new()
        {
            Kind = OrderMessageKind.Due, Order = id, Merchant = due.Merchant, Cause = order.Cause, DueAt = due.DueAt, InTime = order.Books.InTime, ClockTask = outputs.Partition,
            Offset = order.Books.NextOffset - 1, Doubts = order.Books.Doubts, RowBytes = order.RowBytes,
        });
        orders.Put(
            id,
            order with
            {
                State = due with { Stage = PendingStage.HandedOver }, Books = new() { NextOffset = order.Books.NextOffset }, Mark = due.DueAt, OtherCause = null, DecidedIn = null,
                Forwarded = 1, RowBytes = default,
            },
            order);
    }

    /// <summary>What became of an order that was looked at.</summary>
    enum Looked
    {
        /// <summary>It is due later, forgotten or gone.</summary>
        PutElsewhere,
        HandedOver,

        /// <summary>It stays where it is.</summary>
        Waits,
    }
}
