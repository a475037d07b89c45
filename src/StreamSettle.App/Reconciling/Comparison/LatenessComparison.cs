using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Settle;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>What should be done by now. What is held, refused, waits behind a dead letter, or for its payout, is known to wait, and is not late. Pure.</summary>
static class LatenessComparison
{
    public static void Of(ComparedOrder order, ComparisonTerms terms, DiscrepancyList found)
    {
        var log = order.Log;
        if (log.IsHeld)
        {
            return;
        }

        if (log.State.IsScheduled && IsLate(log.State.DueAt, terms))
        {
            found.Add(DiscrepancyKind.Late, "mark", log: $"due at {log.State.DueAt}, not calculated");
        }
        else if (log.State.Settled is { } settled)
        {
            Calls(log, settled, terms, found);
        }
    }

    static void Calls(LoggedOrder log, SettledOrder settled, ComparisonTerms terms, DiscrepancyList found)
    {
        if (settled.ToStart is { } waiting && IsLate(waiting.DueAt, terms))
        {
            found.Add(DiscrepancyKind.Late, $"reversal {waiting.N}", log: $"refunded at {waiting.DueAt}, not started");
        }

        if (settled.Deferred?.PayableAt is { } until && IsLate(until, terms))
        {
            found.Add(DiscrepancyKind.Late, new CallKey(log.Id, Leg.Split, 0).ToString(), log: $"to be paid out from {until} on, not sent");
        }

        for (var n = 0; n <= settled.Reversals.Length; n++)
        {
            var (legs, due) = (settled.LegsOf(n), log.State.DueAtOf(n));
            foreach (var leg in LegStates.All)
            {
                if (legs[leg] == LegState.Sent && IsLate(due, terms))
                {
                    found.Add(DiscrepancyKind.Late, settled.KeyOf(log.Id, leg, n).ToString(), log: $"due at {due}, not confirmed");
                }
            }
        }
    }

    static bool IsLate(UtcInstant due, ComparisonTerms terms) => terms.Now - due > terms.LateAfter;
}
