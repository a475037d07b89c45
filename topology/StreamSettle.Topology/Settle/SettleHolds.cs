using System.Collections.Immutable;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Keeps orders uncalculated that something holds, and looks at those that were told to be held and that holds concern which have changed: by mark, a bounded number at a time.
/// Where something may go again, what comes behind waits until they have been looked at, so that of a merchant that is released none overtakes another (I5).
/// </summary>
/// <param name="ordersMax">Most orders that are looked at in one punctuation, which bounds the transaction.</param>
sealed class SettleHolds(HoldBook book, Settlements settlements, SettleTransactor transactor, SettleOutputs outputs, int ordersMax)
{
    /// <summary>To pass an order over costs so much less than to look at it.</summary>
    const int PassedOverPerLook = 50;

    static readonly (UtcInstant Mark, OrderId Order) Beginning = (UtcInstant.MinValue, new(long.MinValue));

    // Whoever had the task before may not have come to the end: at first all are concerned.
    readonly ChangedHolds changed = new();
    (UtcInstant Mark, OrderId Order)? next = Beginning;
    HoldSet? seen;
    UtcInstant seenAt;
    UtcInstant? expiry;

    /// <summary>Orders with later marks are not to be calculated yet; null where all held ones have been looked at that may go.</summary>
    public UtcInstant? Through => changed.LetsGo && next is { } place ? place.Mark - TimeSpan.FromMicroseconds(1) : null;

    /// <summary>A hold that is over by now was told of an order: it is looked at again.</summary>
    public void LookAgain(string scope, UtcInstant now)
    {
        if (HoldScope.TryParse(scope, out var held) && book.Current.On(held, now) is null)
        {
            changed.Add(held, book.Current, now);
            next = Beginning;
        }
    }

    /// <summary>Goes on from where it stood.</summary>
    public void Walk(UtcInstant now)
    {
        var holds = book.Current;
        if (!ReferenceEquals(holds, seen) || now >= expiry)
        {
            changed.Add(seen ?? HoldSet.Empty, seenAt, holds, now);
            (seen, seenAt, expiry) = (holds, now, holds.NextExpiry(now));
            next = changed.Any ? Beginning : next;
        }

        if (next is { } from)
        {
            next = Walk(from, now);
            if (next is null)
            {
                changed.Clear();
            }
        }
    }

    /// <returns>Where to go on; null at the end.</returns>
    (UtcInstant Mark, OrderId Order)? Walk((UtcInstant Mark, OrderId Order) from, UtcInstant now)
    {
        using var scan = settlements.Held.From(from.Mark, from.Order);
        var left = ordersMax * (long)PassedOverPerLook;
        while (scan.MoveNext())
        {
            var (mark, order) = HeldOrders.Read(scan.Key);
            var isConcerned = changed.Concern(order, HeldOrders.MerchantOf(scan.Value));
            left -= isConcerned ? PassedOverPerLook : 1;
            if (left < 0)
            {
                return (mark, order);
            }

            if (isConcerned)
            {
                Look(Find(order, mark), now);
            }
        }

        return null;
    }

    /// <summary>The order whose turn it is, kept back; null where nothing holds it.</summary>
    public KeptSettlement? KeepBack(KeptSettlement kept, UtcInstant now)
    {
        var standing = book.Current.OnOrder(kept.Order, kept.State.Merchant, now);
        if (standing.IsEmpty)
        {
            return null;
        }

        // How late it will be is nobody's fault but the holder's.
        var books = kept.Books with { Order = kept.Books.Order with { InTime = false, IndexedAt = null } };
        return kept with { State = transactor.Transact(kept, new TakeHolds(Context(kept), standing)), Books = books };
    }

    /// <summary>Records what does not hold the order any more: that comes before anything that follows from it.</summary>
    public KeptSettlement LetGo(KeptSettlement kept, UtcInstant now) => Endings(kept, book.Current, now) is { IsEmpty: false } endings
        ? kept with { State = transactor.Transact(kept, new TakeEndings(Context(kept), endings)) }
        : kept;

    void Look(KeptSettlement kept, UtcInstant now)
    {
        var after = LetGo(kept, now);
        if (after.State.IsScheduled)
        {
            after = KeepBack(after, now) ?? (kept.Books.Order.IndexedAt is null ? after.At(after.State.DueAt) : after);
        }

        if (after != kept)
        {
            settlements.Put(after, kept);
        }
    }

    static ImmutableArray<HoldEnding> Endings(KeptSettlement kept, HoldSet holds, UtcInstant now)
    {
        ImmutableArray<HoldEnding> endings = [];
        foreach (var text in kept.State.Held)
        {
            // A scope that only a later program knows goes on to hold.
            if (HoldScope.TryParse(text, out var scope) && holds.On(scope, now) is null)
            {
                endings = endings.Add(holds.EndOf(scope, now));
            }
        }

        return endings;
    }

    KeptSettlement Find(OrderId order, UtcInstant mark) => settlements.Find(order) is { State.Held.IsEmpty: false } kept
        ? kept
        : throw new CorruptStateException($"the held orders have order {order} at {mark}, of which settle does not know that it is held");

    CommandContext Context(KeptSettlement kept) => new(kept.Order, kept.State.Merchant, kept.Books.Cause, outputs.RecordedAt);
}
