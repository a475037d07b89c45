using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>Carries out what a change means before the mark: schedules, reschedules, cancels and refuses.</summary>
sealed class ClockScheduler(OpenOrders orders, ClockDesk desk, OrderMath math, SettlementSettings settings)
{
    /// <param name="arrived">The row came here by a changed primary key.</param>
    /// <param name="movedAway">The row left by a changed primary key.</param>
    /// <param name="rowBytes">The row after the change, encoded; empty for a deletion.</param>
    public void Apply(in OpenOrder order, bool arrived, bool movedAway, in OrderChange change, string cause, ReadOnlySpan<byte> rowBytes, UtcInstant now)
    {
        var pending = order.Pending with { KeyChanged = order.KeyChanged || arrived };
        var completed = change.Op == ChangeOp.Upsert && change.Row.Status == OrderStatus.Completed;
        var due = completed && change.Row.CompletedAt is not null ? math.DueAt(change.Row, change.Row.Merchant) : order.DueAt;
        var decision = PendingDecider.Decide(pending, Reduce(order, change, completed, movedAway, due, now));
        var next = Next(order, pending, decision, change, due, now, rowBytes);
        Tell(order.Stage, decision, change, cause, due, rowBytes);
        orders.Put(change.Id, next, order.IndexedAt);
    }

    PendingChange Reduce(in OpenOrder order, in OrderChange change, bool completed, bool movedAway, UtcInstant due, UtcInstant now) => new(
        completed,
        movedAway ? Takebacks.KeyChanged : change.Op == ChangeOp.Delete ? Takebacks.Deleted : Takebacks.Of(change.Row.Status),
        change.Row.CompletedAt is not null,
        order.Stage == PendingStage.Scheduled && completed && OrderTerms.Same(order.Row(), change.Row),
        due != order.DueAt,
        settings.CompletedSince is not { } since || change.Row.CompletedAt >= since,
        due + settings.Retention < now);

    OpenOrder Next(
        in OpenOrder order, in PendingOrder pending, PendingDecision decision, in OrderChange change, UtcInstant due, UtcInstant now, ReadOnlySpan<byte> rowBytes)
    {
        var stage = decision.Action switch
        {
            PendingAction.Schedule or PendingAction.Reschedule => PendingStage.Scheduled,
            PendingAction.Cancel => PendingStage.Idle,
            PendingAction.Refuse => PendingStage.Refused,
            PendingAction.Ignore => PendingStage.NotOurs,
            _ when pending.Stage == PendingStage.Unknown => PendingStage.Idle,
            _ => pending.Stage,
        };
        return new()
        {
            Stage = stage,
            KeyChanged = pending.KeyChanged,
            Position = change.Position.HasLsn ? change.Position : order.Position,
            DueAt = stage == PendingStage.Scheduled ? due : order.DueAt,
            IndexedAt = stage switch
            {
                PendingStage.Scheduled => due,
                // A dead letter waits for a person, however long.
                PendingStage.Refused => null,
                _ when order.Stage is PendingStage.Idle or PendingStage.NotOurs => order.IndexedAt,
                _ => now + settings.Retention,
            },
            Refusal = stage != PendingStage.Refused ? null : decision.Action == PendingAction.Refuse ? decision.Reason : pending.Refusal,
            RowBytes = stage is PendingStage.Scheduled or PendingStage.Refused ? rowBytes : default,
        };
    }

    void Tell(PendingStage before, PendingDecision decision, in OrderChange change, string cause, UtcInstant due, ReadOnlySpan<byte> rowBytes)
    {
        var id = change.Id;
        if (before == PendingStage.Refused && decision.Action is PendingAction.Schedule or PendingAction.Reschedule or PendingAction.Cancel)
        {
            desk.Unrefuse(id);
        }

        switch (decision.Action)
        {
            case PendingAction.Schedule:
                desk.Tell(id, new SettlementScheduled(cause, desk.RecordedAt, change.Row.Merchant.Value, change.Row.CompletedAt.ToString()!, due.ToString()));
                break;
            case PendingAction.Reschedule:
                desk.Tell(id, new SettlementRescheduled(cause, desk.RecordedAt, change.Row.Merchant.Value, change.Row.CompletedAt.ToString()!, due.ToString()));
                break;
            case PendingAction.Cancel:
                desk.Tell(id, new SettlementCancelled(cause, desk.RecordedAt, decision.Reason));
                break;
            case PendingAction.Refuse:
                desk.Refuse(id, change.Row.Merchant, cause, decision.Reason, rowBytes);
                break;
        }
    }
}
