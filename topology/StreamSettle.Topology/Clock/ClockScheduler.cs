using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;
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
    /// <param name="otherCause">What brought the change where it has no position; null for the position.</param>
    /// <param name="rowBytes">The row after the change, encoded; empty for a deletion.</param>
    public void Apply(in OpenOrder order, bool arrived, bool movedAway, in OrderChange change, string? otherCause, ReadOnlySpan<byte> rowBytes, UtcInstant now)
    {
        var pending = order.Pending with { KeyChanged = order.KeyChanged || arrived };
        var due = MarkOf(change, order.DueAt);
        Carry(order, pending, PendingDecider.Decide(pending, Reduce(order, change, movedAway, due, now)), change, otherCause, due, rowBytes, now);
    }

    /// <summary>A person replays a refused order: neither its changed key nor its age nor whose it is counts any more.</summary>
    public void Replay(in OpenOrder order, OrderId id, string cause, UtcInstant now)
    {
        var change = new OrderChange { Op = ChangeOp.Upsert, Id = id, Position = order.Position, Row = order.Row() };
        var due = MarkOf(change, order.DueAt);
        var pending = new PendingOrder(PendingStage.Idle);
        var reduced = Reduce(order, change, movedAway: false, due, now) with { Ours = true, TooOld = false };
        Carry(order, pending, PendingDecider.Decide(pending, reduced), change, cause, due, order.RowBytes, now);
    }

    UtcInstant MarkOf(in OrderChange change, UtcInstant known) =>
        change.Op == ChangeOp.Upsert && change.Row.CompletedAt is not null ? math.DueAt(change.Row, change.Row.Merchant) : known;

    void Carry(
        in OpenOrder order, PendingOrder pending, PendingDecision decision, in OrderChange change, string? otherCause, UtcInstant due, ReadOnlySpan<byte> rowBytes,
        UtcInstant now)
    {
        var next = Next(order, pending, decision, change, otherCause, due, rowBytes, now);
        Tell(order.Stage, decision, change, next, due);
        orders.Put(change.Id, next, order);
    }

    PendingChange Reduce(in OpenOrder order, in OrderChange change, bool movedAway, UtcInstant due, UtcInstant now)
    {
        var completed = change.Op == ChangeOp.Upsert && change.Row.Status == OrderStatus.Completed;
        return new(
            completed,
            movedAway ? Takebacks.KeyChanged : change.Op == ChangeOp.Delete ? Takebacks.Deleted : Takebacks.Of(change.Row.Status),
            change.Row.CompletedAt is not null,
            order.Stage == PendingStage.Scheduled && completed && OrderTerms.Same(order.Row(), change.Row),
            due != order.DueAt,
            settings.CompletedSince is not { } since || change.Row.CompletedAt is null || change.Row.CompletedAt >= since,
            due + settings.Retention <= now);
    }

    OpenOrder Next(
        in OpenOrder order, in PendingOrder pending, PendingDecision decision, in OrderChange change, string? otherCause, UtcInstant due,
        ReadOnlySpan<byte> rowBytes, UtcInstant now)
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
            InTime = due > now,
            Position = change.Position.Over(order.Position),
            OtherCause = otherCause,
            DueAt = due,
            IndexedAt = stage switch
            {
                PendingStage.Scheduled => due,
                // A dead letter waits for a person, however long.
                PendingStage.Refused => null,
                _ when order.Stage is not (PendingStage.Scheduled or PendingStage.Refused) && order.IndexedAt >= due + settings.Retention => order.IndexedAt,
                _ => settings.KeptUntil(due, now),
            },
            Refusal = stage != PendingStage.Refused ? null : decision.Action == PendingAction.Refuse ? decision.Reason : pending.Refusal,
            RowBytes = stage is PendingStage.Scheduled or PendingStage.Refused ? rowBytes : default,
        };
    }

    void Tell(PendingStage before, PendingDecision decision, in OrderChange change, in OpenOrder next, UtcInstant due)
    {
        if (decision.Action is PendingAction.Nothing or PendingAction.Ignore)
        {
            return;
        }

        var (id, cause) = (change.Id, next.Cause);
        if (before == PendingStage.Refused && decision.Action != PendingAction.Refuse)
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
                desk.Refuse(id, change.Row.Merchant, cause, decision.Reason, next.RowBytes);
                break;
        }
    }
}
