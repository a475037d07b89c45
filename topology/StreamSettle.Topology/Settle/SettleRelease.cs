using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Settle's punctuation: decides refunds whose transactions are whole, calculates the orders whose marks all clock tasks have passed, in the order of the marks, and
/// offers those to be forgotten whose time is over.
/// </summary>
sealed class SettleRelease(Settlements settlements, HorizonFollower follower, SettleSteps steps, SettlementSettings settings)
{
    /// <summary>Nothing of this task waits for anything but what comes to it: the next punctuation may be as late as another task's wakes the thread.</summary>
    public bool IsAtRest { get; private set; }

    /// <summary>The gate is asked once: what one punctuation does is bounded, and no more could be recorded between its end and the commit either.</summary>
    public void Punctuate(UtcInstant now)
    {
        steps.Holds.Walk(now);
        steps.Payouts.Run(now);
        IsAtRest = false;
        if (!follower.Follow())
        {
            follower.StandsAt(null);
        }
        else
        {
            steps.Refunds.Run();
            follower.StandsAt(Release(now));
            var first = settlements.Store.First(now);
            follower.Request(first, steps.Refunds.Any);
            IsAtRest = first is null && !steps.Refunds.Any;
        }
    }

    /// <returns>The order that waits for the end of what it rests on; null for none.</returns>
    OrderId? Release(UtcInstant now)
    {
        var horizon = follower.Horizon;
        using var scan = settlements.Store.Take(Through(horizon.Watermark, now), settings.MaxFired);
        while (scan.MoveNext())
        {
            var kept = Find(scan);
            if (!kept.State.IsScheduled)
            {
                steps.Forgetting.Offer(kept, now);
            }
            else if (steps.Holds.KeepBack(kept, now) is { } held)
            {
                settlements.Put(held, kept);
            }
            else if (!horizon.IsWhole(kept.Books.ClockTask, kept.Books.Order.AlteredEnd))
            {
                // Its last change may be the middle of a transaction. Those behind it wait too, so that none overtakes it.
                settlements.Put(kept, kept);
                return kept.Order;
            }
            else
            {
                steps.Calculation.Calculate(kept, now);
            }
        }

        return null;
    }

    UtcInstant Through(UtcInstant watermark, UtcInstant now)
    {
        var through = watermark < now ? watermark : now;
        return steps.Holds.Through is { } looked && looked < through ? looked : through;
    }

    KeptSettlement Find(DueOrderScan scan)
    {
        var kept = settlements.Find(scan.Order) ?? throw new CorruptStateException($"the due windows have order {scan.Order} at {scan.DueAt}, which settle does not know");
        scan.Check(kept.Books.Order.IndexedAt);
        return kept;
    }
}
