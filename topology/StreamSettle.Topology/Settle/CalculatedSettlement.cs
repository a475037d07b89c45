using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Refunds;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The half of <see cref="SettleDecider"/> after the calculation: refunds and what delivery says. Pure.</summary>
static class CalculatedSettlement
{
    public static IReadOnlyList<SettlementEvent> Decide(SettledOrder settled, SettledCommand command) => command switch
    {
        TakeResult asked => Result(settled, asked),
        TakeReturn or ReplayReturned or DiscardReturned => ReturnedCalls.Decide(settled, command),
        TakeRefund asked => Refund(settled, asked),
        ReplayRefund asked when settled.Refused is { Open: true } refused && refused.N == asked.N =>
            [Replayed(asked, refused, asked.By) with { Note = asked.Note }, .. Measure(settled, asked, refused.Refunded, refused.DueAt)],
        DiscardRefund asked when settled.Refused is { Open: true } refused && refused.N == asked.N =>
            [new DeliveryDiscarded(asked.Cause, asked.RecordedAt, KeyOf(asked, asked.N), Leg.Calculation.Name(), asked.N, 0, asked.By, Note: asked.Note)],
        StartReversal asked when settled.ToStart is { } next => [Start(settled, next, asked)],
        _ => [],
    };

    /// <summary>The whole machine of a leg that was given to delivery; null where the outcome changes nothing any more.</summary>
    static LegState? Next(LegState state, DeliveryOutcome outcome) => (state, outcome) switch
    {
        (LegState.Sent or LegState.DeadLettered, DeliveryOutcome.Confirmed) => LegState.Confirmed,
        (LegState.Sent, DeliveryOutcome.Failed) => LegState.Sent,
        (LegState.Sent, DeliveryOutcome.DeadLettered) => LegState.DeadLettered,
        (LegState.DeadLettered, DeliveryOutcome.Replayed) => LegState.Sent,
        (LegState.DeadLettered, DeliveryOutcome.Discarded) => LegState.Discarded,
        (LegState.Confirmed, DeliveryOutcome.InvoiceDelivered) => LegState.Confirmed,
        (LegState.Returned, DeliveryOutcome.InvoiceDelivered) => LegState.Returned,
        (LegState.Discarded, DeliveryOutcome.InvoiceDelivered) => LegState.Discarded,
        _ => null,
    };

    static IReadOnlyList<SettlementEvent> Result(SettledOrder settled, TakeResult asked)
    {
        var result = asked.Result;
        if (ReturnedCalls.IsOfThePast(settled, result.Key)
            ? result.Outcome != DeliveryOutcome.InvoiceDelivered
            : Next(settled.LegsOf(result.Key.N)[result.Key.Leg], result.Outcome) is null)
        {
            return [];
        }

        var (cause, at, key, leg, n, attempt) =
            (asked.Cause, result.RecordedAt.ToString(), result.Key.ToString(), result.Key.Leg.Name(), result.Key.N, result.Attempt);
        bool? leftOut = LeftOutInvoice.IsToldBy(result) ? true : null;
        SettlementEvent told = result.Outcome switch
        {
            DeliveryOutcome.Confirmed => new DeliveryConfirmed(cause, at, key, leg, n, attempt, result.Text, leftOut),
            DeliveryOutcome.Failed => new DeliveryFailed(cause, at, key, leg, n, attempt, result.Text, leftOut),
            DeliveryOutcome.DeadLettered => new DeliveryDeadLettered(cause, at, key, leg, n, attempt, result.Text, InvoiceLeftOut: leftOut),
            DeliveryOutcome.InvoiceDelivered => new InvoiceDelivered(cause, at, key),
            DeliveryOutcome.Replayed => new DeliveryReplayed(cause, at, key, leg, n, attempt, result.By!, result.Note),
            _ => new DeliveryDiscarded(cause, at, key, leg, n, attempt, result.By!, result.Text.Length > 0 ? result.Text : null, result.Note),
        };
        return result.Outcome == DeliveryOutcome.Confirmed && settled.ReturnedOf(result.Key.Leg, n)?.Reason is { } undone
            ? [told, ReturnedCalls.Waits(result.Key, at, undone)]
            : [told];
    }

    /// <summary>
    /// A refund that was refused before does not count any more, which has to be recorded where nothing else says so. A row that took this order's id says nothing
    /// about it, nor does what becomes of that row, until a person says that it is the same order's.
    /// </summary>
    static IReadOnlyList<SettlementEvent> Refund(SettledOrder settled, TakeRefund asked)
    {
        if (settled.Refused is { Reason: Refusals.ChangedKey })
        {
            return [];
        }

        var decided = asked.KeyChanged
            ? [Refuse(settled, asked, Refusals.ChangedKey, asked.Refunded, asked.CommittedAt)]
            : Measure(settled, asked, asked.Refunded, asked.CommittedAt);
        return decided switch
        {
            [] when settled.Refused is { } refused => [Replayed(asked, refused, DeliveryReplayed.BySource)],
            [DeliveryDeadLettered again] when settled.Refused is { } refused && refused.Reason == again.Reason && refused.Refunded == asked.Refunded => [],
            _ => decided,
        };
    }

    static IReadOnlyList<SettlementEvent> Measure(SettledOrder settled, SettledCommand asked, DecimalAmount refunded, UtcInstant dueAt)
    {
        var n = settled.Reversals.Length + 1;
        return Reversals.Decide(settled.Currency, settled.Gross, settled.Refunded, refunded, []) switch
        {
            RefundDecision.Refused refused => [Refuse(settled, asked, refused.Reason, refunded, dueAt)],
            RefundDecision.Reversed reversed => [new ReversalRequested(asked.Cause, asked.RecordedAt, n, reversed.Refunded, dueAt.ToString())],
            _ => [],
        };
    }

    static DeliveryDeadLettered Refuse(SettledOrder settled, SettledCommand asked, string reason, DecimalAmount refunded, UtcInstant dueAt)
    {
        var n = settled.Reversals.Length + 1;
        return new(asked.Cause, asked.RecordedAt, KeyOf(asked, n), Leg.Calculation.Name(), n, 0, reason, refunded.ToString(), dueAt.ToString());
    }

    /// <summary>Shares the refund over what the lines hold now; a discarded leg's lines hold nothing (I7).</summary>
    static ReversalCalculated Start(SettledOrder settled, Reversal next, StartReversal asked)
    {
        var lines = asked.Lines;
        var (held, parts) = (new long[lines.Length], new long[lines.Length]);
        for (var i = 0; i < held.Length; i++)
        {
            held[i] = settled.Legs[lines[i].Party.Leg] == LegState.Discarded ? 0 : lines[i].Amount - settled.ReversedOf(lines[i].Party.ToString());
        }

        Reversals.Share(next.Amount, held, parts);
        return new(
            $"{asked.Cause}:{next.N}", asked.RecordedAt, next.N,
            [.. lines.Select((line, i) => new ReversalLine(line.Party.ToString(), parts[i])).Where(line => line.Amount > 0)]);
    }

    static DeliveryReplayed Replayed(SettledCommand asked, RefusedRefund refused, string by) =>
        new(asked.Cause, asked.RecordedAt, KeyOf(asked, refused.N), Leg.Calculation.Name(), refused.N, 0, by);

    static string KeyOf(SettledCommand asked, int n) => new CallKey(asked.Order, Leg.Calculation, n).ToString();
}
