using StreamSettle.Delivery.Asking;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Settle;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>What systems have recorded beside what the event log has of each call. An answer says that a call is there and by which receipt, not what is in it: its bytes never change. Pure.</summary>
static class DownstreamComparison
{
    static readonly Leg[] MoneyLegs = [Leg.Split, Leg.Tax, Leg.Commission];

    static readonly Leg[] Legs = [.. LegStates.All];

    /// <summary>Which calls to ask for, by what is known so far; none where everything was asked.</summary>
    public static IReadOnlyList<AskedCall> ToAsk(ComparedOrder order, ComparisonTerms terms)
    {
        if (order.Log.Trouble is not null || OrderComparison.StandingOf(order, terms) == OrderStanding.NotOurs)
        {
            return [];
        }

        var calls = order.Log.State.Settled is { } settled ? OfSettled(order, settled) : OfUnsettled(order);
        return [.. calls.Where(call => !order.Answers.ContainsKey(call))];
    }

    public static void Of(ComparedOrder order, DiscrepancyList found)
    {
        foreach (var (call, answer) in order.Answers)
        {
            Compare(order.Log, call, answer, found);
        }
    }

    /// <summary>Every call that there is, and where the shop has refunded more than the log knows, those of the reversal that would come next.</summary>
    static IEnumerable<AskedCall> OfSettled(ComparedOrder order, SettledOrder settled)
    {
        var next = settled.Reversals.Length + 1;
        for (var n = 0; n <= next; n++)
        {
            foreach (var leg in Legs)
            {
                var isAsked = n < next
                    ? settled.LegsOf(n)[leg] != LegState.None
                    : MoneyLegs.Contains(leg) && settled.Legs[leg] != LegState.None && order.Row?.Refunded.TryToMinor(settled.Currency.Digits, out var refunded) == true && refunded > settled.Refunded;
                if (isAsked)
                {
                    yield return Call(order.Log, leg, n);
                }
            }
        }
    }

    /// <summary>Nothing can be there before the verification is; where it is, money may have moved.</summary>
    static IEnumerable<AskedCall> OfUnsettled(ComparedOrder order)
    {
        var first = Call(order.Log, Leg.Verification, 0);
        yield return first;
        if (order.Answers.GetValueOrDefault(first) is RecordedCall.Found)
        {
            foreach (var leg in MoneyLegs)
            {
                yield return Call(order.Log, leg, 0);
            }
        }
    }

    static AskedCall Call(LoggedOrder log, Leg leg, int n) =>
        new(leg, n, (log.State.Settled?.KeyOf(log.Id, leg, n) ?? new CallKey(log.Id, leg, n)).ToString());

    static void Compare(LoggedOrder log, AskedCall call, RecordedCall answer, DiscrepancyList found)
    {
        var state = log.State.Settled?.LegsOf(call.N)[call.Leg] ?? LegState.None;
        switch (answer)
        {
            case RecordedCall.Unknown unknown:
                found.Add(DiscrepancyKind.Unknown, call.Key, log: Word(state), downstream: unknown.Why);
                break;
            case RecordedCall.Absent when state == LegState.Confirmed:
                found.Add(DiscrepancyKind.Missing, call.Key, log: $"confirmed, receipt {log.Confirmed[(call.Leg, call.N)].Receipt}", downstream: "not known", repair: RepairKind.SendAgain);
                break;
            case RecordedCall.Found there when state == LegState.Confirmed && log.Confirmed[(call.Leg, call.N)].Receipt is var receipt && receipt != there.Receipt:
                found.Add(DiscrepancyKind.StateDiffers, call.Key, log: $"receipt {receipt}", downstream: $"receipt {there.Receipt}");
                break;
            case RecordedCall.Found when log.Returned.Contains((call.Leg, call.N)):
                // Undone on the other side, which told so: its key is known there all the same.
                break;
            case RecordedCall.Found there when state is LegState.DeadLettered or LegState.Discarded:
                found.Add(
                    DiscrepancyKind.StateDiffers, call.Key, log: Word(state), downstream: $"receipt {there.Receipt}", repair: state == LegState.DeadLettered ? RepairKind.Replay : RepairKind.None);
                break;
            case RecordedCall.Found there when state is LegState.None or LegState.Waiting or LegState.Sent or LegState.Deferred:
                found.Add(DiscrepancyKind.Extra, call.Key, log: Word(state), downstream: $"receipt {there.Receipt}");
                break;
        }
    }

    static string Word(LegState state) => state switch
    {
        LegState.None => "no such call",
        LegState.Waiting => "waiting",
        LegState.Sent => "given to delivery",
        LegState.Confirmed => "confirmed",
        LegState.DeadLettered => "dead letter",
        LegState.Deferred => "waits for its payout",
        LegState.Returned => "returned",
        _ => "discarded",
    };
}
