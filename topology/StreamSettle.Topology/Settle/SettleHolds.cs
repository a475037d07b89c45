using System.Collections.Immutable;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Keeps orders uncalculated that something holds, and looks at those that were told to be held when the holds are others than before or one has expired: by mark, a bounded
/// number at a time. What comes behind it waits until they have been looked at, so that of a merchant that is released none overtakes another (I5).
/// </summary>
/// <param name="ordersMax">Most orders that are looked at in one punctuation, which bounds the transaction.</param>
sealed class SettleHolds(HoldBook book, Settlements settlements, SettleTransactor transactor, SettleOutputs outputs, int ordersMax)
{
    static readonly (UtcInstant Mark, OrderId Order) Beginning = (UtcInstant.MinValue, new(long.MinValue));

    // Whoever had the task before may not have come to the end.
    (UtcInstant Mark, OrderId Order)? next = Beginning;
    HoldSet? seen;
    UtcInstant? expiry;

    /// <summary>Orders with later marks are not to be calculated yet; null where all held ones have been looked at.</summary>
    public UtcInstant? Through => next is { } place ? place.Mark - TimeSpan.FromMicroseconds(1) : null;

    /// <summary>A hold that is over by now was told of an order: it is looked at again.</summary>
    public void LookAgain(string scope, UtcInstant now)
    {
        if (HoldScope.TryParse(scope, out var held) && book.Current.On(held, now) is null)
        {
            next = Beginning;
        }
    }

    /// <summary>Goes on from where it stood.</summary>
    public void Walk(UtcInstant now)
    {
        var holds = book.Current;
        if (!ReferenceEquals(holds, seen) || now >= expiry)
        {
            (seen, expiry, next) = (holds, holds.NextExpiry(now), Beginning);
        }

        if (next is not { } from)
        {
            return;
        }

        next = null;
        using var scan = settlements.Held.From(from.Mark, from.Order);
        for (var looked = 0; scan.MoveNext(); looked++)
        {
            var (mark, order) = HeldOrders.Read(scan.Key);
            if (looked == ordersMax)
            {
                next = (mark, order);
                return;
            }

            Look(Find(order, mark), now);
        }
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
