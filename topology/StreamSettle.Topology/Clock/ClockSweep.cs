using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Walks the orders after a sweep, a bounded number at a time, and tells those that it has taken. Others are told when they are looked at for another reason, before
/// that: none is scheduled, fired or changed that is gone.
/// </summary>
/// <param name="ordersMax">Most orders that are looked at in one punctuation.</param>
sealed class ClockSweep(OpenOrders orders, SweptOrders swept, ClockChanges changes, int ordersMax)
{
    /// <summary>Goes on from where it stood; true when no sweep is left to walk.</summary>
    public bool Walk(UtcInstant now)
    {
        if (!swept.IsWalking)
        {
            return true;
        }

        using var scan = orders.Store.From(swept.NextKey);
        for (var seen = 0; scan.MoveNext(); seen++)
        {
            var id = OrderKey.Read(scan.Key);
            if (seen == ordersMax)
            {
                swept.WalkedTo((ulong)id.Value);
                return false;
            }

            changes.TakeSwept(id, now);
        }

        swept.WalkedTo(null);
        return true;
    }
}
