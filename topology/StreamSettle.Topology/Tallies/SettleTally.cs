using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tallies;

/// <summary>What a settle task counts: where its orders stand, what happened to them so far, and how late they were.</summary>
static class SettleTally
{
    const int Waiting = 0;
    const int UnderWay = 1;
    const int Refused = 2;
    const int Calculated = 3;
    const int Completed = 4;
    const int Cancelled = 5;
    const int ReversalsRequested = 6;
    const int ReversalsCompleted = 7;
    const int Lateness = 8;

    // Behind all that was there before: what is kept is known by its place.
    const int Held = Lateness + LatenessBuckets.Count;
    const int PayoutsWaiting = Held + 1;
    public const int Size = PayoutsWaiting + 1;

    /// <summary>An order's state has changed; null for an order that is not known, yet or any more.</summary>
    public static void Moved(Tally tally, SettlementState? before, SettlementState? after)
    {
        tally.Add(Waiting, IsWaiting(after) - IsWaiting(before));
        tally.Add(UnderWay, IsUnderWay(after) - IsUnderWay(before));
        tally.Add(Refused, IsRefused(after) - IsRefused(before));
        tally.Add(Held, IsHeld(after) - IsHeld(before));
        tally.Add(PayoutsWaiting, IsPayoutWaiting(after) - IsPayoutWaiting(before));
        if (after is null)
        {
            return;
        }

        tally.Add(Calculated, after.Settled is not null && before?.Settled is null ? 1 : 0);
        tally.Add(Completed, after.Settled is { Completed: true } && before?.Settled is not { Completed: true } ? 1 : 0);
        tally.Add(Cancelled, after is { Pending.Stage: PendingStage.Idle, Settled: null } && before?.Pending.Stage != PendingStage.Idle ? 1 : 0);
        tally.Add(ReversalsRequested, (after.Settled?.Reversals.Length ?? 0) - (before?.Settled?.Reversals.Length ?? 0));
        tally.Add(ReversalsCompleted, CompletedReversals(after) - CompletedReversals(before));
    }

    /// <summary>The first call of an order that was known before its mark was given to delivery so long after the mark.</summary>
    public static void Late(Tally tally, TimeSpan late) => tally.Add(Lateness + LatenessBuckets.Of(late), 1);

    public static SettleTotals Total(ICollection<Tally> tallies)
    {
        return new(Sum(Waiting), Sum(Calculated), Sum(UnderWay), Sum(Completed), Sum(Cancelled), Sum(Refused))
        {
            ReversalsRequested = Sum(ReversalsRequested), ReversalsCompleted = Sum(ReversalsCompleted), Held = Sum(Held), PayoutsWaiting = Sum(PayoutsWaiting),
        };

        long Sum(int at) => tallies.Sum(tally => tally[at]);
    }

    public static LatenessTotals TotalLateness(IEnumerable<Tally> tallies)
    {
        var buckets = new long[LatenessBuckets.Count];
        foreach (var tally in tallies)
        {
            for (var i = 0; i < buckets.Length; i++)
            {
                buckets[i] += tally[Lateness + i];
            }
        }

        return new(buckets.Sum(), LatenessBuckets.PercentileMs(buckets, 0.5), LatenessBuckets.PercentileMs(buckets, 0.99));
    }

    static int IsWaiting(SettlementState? state) => state is { IsScheduled: true } ? 1 : 0;

    static int IsUnderWay(SettlementState? state) => state?.Settled is { Completed: false } ? 1 : 0;

    static int IsHeld(SettlementState? state) => state is { Held.IsEmpty: false } ? 1 : 0;

    static int IsPayoutWaiting(SettlementState? state) => state?.Settled is { Deferred: not null } ? 1 : 0;

    static int IsRefused(SettlementState? state) =>
        state?.OpenRefusal is null ? 0 : 1;

    static int CompletedReversals(SettlementState? state) => state?.Settled is { } settled ? settled.Reversals.Count(reversal => reversal.Completed) : 0;
}
