using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Refunds;
using StreamSettle.Topology.Operators;

namespace StreamSettle.Topology.Settle;

/// <summary>Decides over a calculated order: refunds, delivery results. Pure; the same input twice decides nothing the second time (I3, I7).</summary>
static class SettleDecider
{
    /// <summary>The row changed after the calculation: only a raised refund moves anything.</summary>
    public static SettleStep Refund(SettlementState state, DecimalAmount refunded, UtcInstant committedAt, string cause, string recordedAt)
    {
        var step = new SettleStep(state);
        if (state.Settled!.Refused is { } refused && refused.Refunded == refunded)
        {
            return step;
        }

        Measure(step, refunded, committedAt, cause, recordedAt);
        return step;
    }

    /// <summary>A person replays a refused refund: it is measured again.</summary>
    public static SettleStep ReplayRefund(SettlementState state, string by, string cause, string recordedAt)
    {
        var step = new SettleStep(state);
        if (state.Settled!.Refused is { Open: true } refused)
        {
            var key = new CallKey(state.Order, Leg.Calculation, refused.N);
            step.Tell(new DeliveryReplayed(cause, recordedAt, key.ToString(), Leg.Calculation.Name(), refused.N, 0, by));
            Measure(step, refused.Refunded, refused.CommittedAt, cause, recordedAt);
        }

        return step;
    }

    /// <summary>A person gives a refused refund up.</summary>
    public static SettleStep DiscardRefund(SettlementState state, OperatorRequest request, string recordedAt)
    {
        var step = new SettleStep(state);
        if (state.Settled!.Refused is { Open: true } refused)
        {
            var key = new CallKey(state.Order, Leg.Calculation, refused.N);
            step.Tell(new DeliveryDiscarded(request.Cause, recordedAt, key.ToString(), Leg.Calculation.Name(), refused.N, 0, request.By, Note: request.Note));
            step.Refusals.Add(new(key, null));
            step.Become(step.Settled with { Refused = refused with { Open = false } });
        }

        return step;
    }

    /// <summary>What delivery says of a call.</summary>
    public static SettleStep Result(SettlementState state, DeliveryResult result, string recordedAt)
    {
        var step = new SettleStep(state);
        var index = IndexOf(state.Settled!, result.Key.N);
        if (index == NotFound)
        {
            return step;
        }

        var leg = result.Key.Leg;
        var before = index < 0 ? step.Settled.Legs[leg] : step.Settled.Reversals[index].Legs[leg];
        if (Next(before, result.Outcome) is not { } after)
        {
            return step;
        }

        step.Tell(EventOf(result));
        step.Become(index < 0
            ? step.Settled with { Legs = step.Settled.Legs.With(leg, after) }
            : step.Settled with { Reversals = step.Settled.Reversals.SetItem(index, With(step.Settled.Reversals[index], leg, after)) });
        LegProgress.Advance(step, CauseOf(result), recordedAt, result.By ?? "");
        return step;
    }

    const int NotFound = -2;
    const int TheSettlement = -1;

    static int IndexOf(SettledOrder settled, int n)
    {
        if (n == 0)
        {
            return TheSettlement;
        }

        for (var i = 0; i < settled.Reversals.Length; i++)
        {
            if (settled.Reversals[i].N == n)
            {
                return i;
            }
        }

        return NotFound;
    }

    static Reversal With(Reversal reversal, Leg leg, LegState state) => reversal with { Legs = reversal.Legs.With(leg, state) };

    /// <summary>The whole machine of a leg that was given to delivery; null where the outcome changes nothing any more.</summary>
    static LegState? Next(LegState state, DeliveryOutcome outcome) => (state, outcome) switch
    {
        (LegState.Sent or LegState.DeadLettered, DeliveryOutcome.Confirmed) => LegState.Confirmed,
        (LegState.Sent, DeliveryOutcome.Failed) => LegState.Sent,
        (LegState.Sent, DeliveryOutcome.DeadLettered) => LegState.DeadLettered,
        (LegState.DeadLettered, DeliveryOutcome.Replayed) => LegState.Sent,
        (LegState.DeadLettered, DeliveryOutcome.Discarded) => LegState.Discarded,
        _ => null,
    };

    static string CauseOf(DeliveryResult result) => result.Outcome is DeliveryOutcome.Replayed or DeliveryOutcome.Discarded
        ? $"{result.By}@{result.RequestId}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{result.Key}#{result.Attempt}");

    static SettlementEvent EventOf(DeliveryResult result)
    {
        var (cause, at, key, leg, n, attempt) =
            (CauseOf(result), result.RecordedAt.ToString(), result.Key.ToString(), result.Key.Leg.Name(), result.Key.N, result.Attempt);
        return result.Outcome switch
        {
            DeliveryOutcome.Confirmed => new DeliveryConfirmed(cause, at, key, leg, n, attempt, result.Text),
            DeliveryOutcome.Failed => new DeliveryFailed(cause, at, key, leg, n, attempt, result.Text),
            DeliveryOutcome.DeadLettered => new DeliveryDeadLettered(cause, at, key, leg, n, attempt, result.Text),
            DeliveryOutcome.Replayed => new DeliveryReplayed(cause, at, key, leg, n, attempt, result.By!),
            _ => new DeliveryDiscarded(cause, at, key, leg, n, attempt, result.By!, result.Text.Length > 0 ? result.Text : null, result.Note),
        };
    }

    static void Measure(SettleStep step, DecimalAmount refunded, UtcInstant committedAt, string cause, string recordedAt)
    {
        var settled = step.Settled;
        var n = settled.Reversals.Length + 1;
        switch (Reversals.Decide(step.Division.Currency, step.Division.Gross, settled.Refunded, refunded, []))
        {
            case RefundDecision.Refused refused:
                var key = new CallKey(step.State.Order, Leg.Calculation, n);
                step.Tell(new DeliveryDeadLettered(cause, recordedAt, key.ToString(), Leg.Calculation.Name(), n, 0, refused.Reason, refunded.ToString(), committedAt.ToString()));
                step.Refusals.Add(new(key, refused.Reason));
                step.Become(settled with { Refused = new(n, refunded, committedAt, Open: true) });
                break;
            case RefundDecision.Unchanged:
                Lift(step);
                break;
            case RefundDecision.Reversed reversed:
                Lift(step);
                step.Tell(new ReversalRequested(cause, recordedAt, n, reversed.Refunded, committedAt.ToString()));
                var reversal = new Reversal(n, reversed.Refunded, reversed.Increase, committedAt, [], default, Completed: false);
                step.Become(step.Settled with { Refunded = reversed.Refunded, Reversals = settled.Reversals.Add(reversal) });
                LegProgress.Advance(step, cause, recordedAt);
                break;
        }
    }

    /// <summary>A refused refund has been overtaken by another row.</summary>
    static void Lift(SettleStep step)
    {
        if (step.Settled.Refused is not { } refused)
        {
            return;
        }

        if (refused.Open)
        {
            step.Refusals.Add(new(new(step.State.Order, Leg.Calculation, refused.N), null));
        }

        step.Become(step.Settled with { Refused = null });
    }
}
