using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Pending;

/// <summary>
/// Decides what becomes of an order before its calculation: state and command in, facts out, by the table of <see cref="PendingDecider"/>. The same for the clock
/// and for settle. Pure; the same command twice decides nothing the second time.
/// </summary>
static class PendingEvents
{
    public static IReadOnlyList<SettlementEvent> Decide(in PendingState state, PendingCommand command) => command switch
    {
        TakeRow asked => Row(asked, PendingDecider.Decide(new(state.Stage, state.Refusal, asked.KeyChanged, asked.InDoubt), asked.Change)),
        TakeUnreadable when state.Stage == PendingStage.Scheduled => [Refused(command, Refusals.UnreadableChange)],
        ReplayOrder asked when state.Stage == PendingStage.Refused =>
            Replay(asked, PendingDecider.Decide(new(PendingStage.Idle, InDoubt: asked.InDoubt), asked.Change)),
        DiscardOrder asked when state.Stage == PendingStage.Refused =>
            [new DeliveryDiscarded(asked.Cause, asked.RecordedAt, KeyOf(asked), Leg.Calculation.Name(), 0, 0, asked.By, Note: asked.Note)],
        TakeMark asked when state.Stage == PendingStage.Scheduled => Mark(state, asked),
        _ => [],
    };

    public static DeliveryDeadLettered Refused(OrderCommand asked, string reason) =>
        new(asked.Cause, asked.RecordedAt, KeyOf(asked), Leg.Calculation.Name(), 0, 0, reason);

    static IReadOnlyList<SettlementEvent> Row(TakeRow asked, PendingDecision decision) => decision.Action switch
    {
        PendingAction.Schedule =>
            [new SettlementScheduled(asked.Cause, asked.RecordedAt, asked.Merchant.Value, asked.CompletedAt.ToString()!, asked.DueAt.ToString())],
        PendingAction.Reschedule =>
            [new SettlementRescheduled(asked.Cause, asked.RecordedAt, asked.Merchant.Value, asked.CompletedAt.ToString()!, asked.DueAt.ToString())],
        PendingAction.Cancel => [new SettlementCancelled(asked.Cause, asked.RecordedAt, decision.Reason)],
        PendingAction.Refuse => [Refused(asked, decision.Reason)],
        _ => [],
    };

    /// <summary>It waits again; where it still cannot be settled, it is refused again at once.</summary>
    static IReadOnlyList<SettlementEvent> Replay(ReplayOrder asked, PendingDecision decision)
    {
        var replayed = new DeliveryReplayed(asked.Cause, asked.RecordedAt, KeyOf(asked), Leg.Calculation.Name(), 0, 0, asked.By, asked.Note);
        return (decision.Action, asked.DueAt) switch
        {
            (PendingAction.Refuse, _) => [replayed, Refused(asked, decision.Reason)],
            (_, { } due) => [replayed, new SettlementScheduled(asked.Cause, asked.RecordedAt, asked.Merchant.Value, asked.CompletedAt.ToString()!, due.ToString())],
            _ => [replayed],
        };
    }

    static IReadOnlyList<SettlementEvent> Mark(in PendingState state, TakeMark asked)
    {
        var isMoved = asked.DueAt != state.DueAt;
        var isDue = asked.DueAt <= asked.Now && (isMoved || !state.DueRecorded);
        return (isMoved, isDue) switch
        {
            (true, true) => [Moved(state, asked), Due(asked)],
            (true, false) => [Moved(state, asked)],
            (false, true) => [Due(asked)],
            _ => [],
        };
    }

    static SettlementRescheduled Moved(in PendingState state, TakeMark asked) => new(
        Causes.Retaken(asked.Cause, state.DueAt, asked.DueAt), asked.RecordedAt, asked.Merchant.Value, asked.CompletedAt.ToString(), asked.DueAt.ToString());

    static SettlementDue Due(TakeMark asked) => new(Causes.Due(asked.Cause, asked.DueAt), asked.RecordedAt, asked.DueAt.ToString());

    static string KeyOf(OrderCommand asked) => new CallKey(asked.Order, Leg.Calculation, 0).ToString();
}
