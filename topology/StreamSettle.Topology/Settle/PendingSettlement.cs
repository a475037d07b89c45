using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The half of <see cref="SettleDecider"/> before the calculation: the row is decided as before the mark (<see cref="PendingDecider"/>), but its merchant stays. Pure.</summary>
static class PendingSettlement
{
    public static IReadOnlyList<SettlementEvent> Decide(SettlementState state, PendingCommand command) => command switch
    {
        TakeRow asked => Row(state, asked),
        TakeUnreadable when state.Stage == PendingStage.Scheduled => [Refused(command, Refusals.UnreadableChange)],
        ReplayOrder asked when state.Stage == PendingStage.Refused => Replay(asked),
        DiscardOrder asked when state.Stage == PendingStage.Refused =>
            [new DeliveryDiscarded(asked.Cause, asked.RecordedAt, KeyOf(asked), Leg.Calculation.Name(), 0, 0, asked.By, Note: asked.Note)],
        TakeMark asked when state.Stage == PendingStage.Scheduled => Mark(state, asked),
        Divide asked when state.Stage == PendingStage.Scheduled => [Division(state, asked)],
        _ => [],
    };

    static IReadOnlyList<SettlementEvent> Row(SettlementState state, TakeRow asked)
    {
        var decision = PendingDecider.Decide(new(state.Stage, state.Refusal, asked.KeyChanged, asked.InDoubt), asked.Change);
        return decision.Action switch
        {
            PendingAction.Schedule =>
                [new SettlementScheduled(asked.Cause, asked.RecordedAt, state.Merchant.Value, asked.CompletedAt.ToString()!, asked.DueAt.ToString())],
            PendingAction.Reschedule =>
                [new SettlementRescheduled(asked.Cause, asked.RecordedAt, state.Merchant.Value, asked.CompletedAt.ToString()!, asked.DueAt.ToString())],
            PendingAction.Cancel => [new SettlementCancelled(asked.Cause, asked.RecordedAt, decision.Reason)],
            PendingAction.Refuse => [Refused(asked, decision.Reason)],
            _ => [],
        };
    }

    /// <summary>It waits again, and takes its mark anew; where it still cannot be calculated, it is refused again at once.</summary>
    static List<SettlementEvent> Replay(ReplayOrder asked)
    {
        List<SettlementEvent> told = [new DeliveryReplayed(asked.Cause, asked.RecordedAt, KeyOf(asked), Leg.Calculation.Name(), 0, 0, asked.By)];
        if (!asked.HasCompletedAt)
        {
            told.Add(Refused(asked, Refusals.NoCompletedAt));
        }
        else if (asked.InDoubt)
        {
            told.Add(Refused(asked, Refusals.UnreadableChange));
        }

        return told;
    }

    static List<SettlementEvent> Mark(SettlementState state, TakeMark asked)
    {
        List<SettlementEvent> told = [];
        if (asked.DueAt != state.DueAt)
        {
            told.Add(new SettlementRescheduled(
                Causes.Retaken(asked.Cause, state.DueAt, asked.DueAt), asked.RecordedAt, state.Merchant.Value, asked.CompletedAt.ToString(), asked.DueAt.ToString()));
        }

        if (asked.DueAt <= asked.Now && (asked.DueAt != state.DueAt || !state.DueTold))
        {
            told.Add(new SettlementDue(Causes.Due(asked.Cause, asked.DueAt), asked.RecordedAt, asked.DueAt.ToString()));
        }

        return told;
    }

    static SettlementEvent Division(SettlementState state, Divide asked) => asked.Result switch
    {
        null => Refused(asked, Refusals.UnknownMerchant),
        Refused refused => Refused(asked, refused.Reason),
        Cancelled => new SettlementCancelled(asked.Cause, asked.RecordedAt, Takebacks.NothingToSettle),
        Settled result => new SettlementCalculated(
            asked.Cause, asked.RecordedAt, state.Merchant.Value, result.Currency.ToString(), result.Gross, result.Refunded, result.Net, result.RuleVersion,
            result.Priority, result.ExportRefund,
            [.. result.Lines.Select((line, i) => new ExplainedLine(line.Party.ToString(), line.Amount, asked.Explanations[i], line.Party.Level))],
            asked.CompletedAt.ToString(), state.DueAt.ToString()),
        _ => throw new Kernel.Failures.BrokenInvariantException($"nobody has said what follows from {asked.Result}"),
    };

    static DeliveryDeadLettered Refused(PendingCommand asked, string reason) =>
        new(asked.Cause, asked.RecordedAt, KeyOf(asked), Leg.Calculation.Name(), 0, 0, reason);

    static string KeyOf(PendingCommand asked) => new CallKey(asked.Order, Leg.Calculation, 0).ToString();
}
