using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>Carries out what a change means before the mark: schedules, reschedules, cancels and refuses.</summary>
sealed class ClockScheduler(OpenOrders orders, ClockDesk desk, OrderMath math, SettlementSettings settings)
{
    public void Apply(in OpenOrder order, in ReadChange read, UtcInstant now)
    {
        var change = read.Change;
        var due = MarkOf(change, order.DueAt);
        var goesOn = order.DecidedIn == change.CommittedAt;
        var isAgain = goesOn && order.SeenBefore && order.Stage != PendingStage.NotOurs;
        var wasForgotten = order.NextOffset == 0 && change.WasCompleted && orders.Forgotten.HasCalculated;
        var mayBeForgotten = wasForgotten || ((order.NextOffset == 0 || isAgain) && orders.Forgotten.MayHave(change, due));
        if (mayBeForgotten && change.Position.Kind == PositionKind.Snapshot)
        {
            // The table is read again, with every order that was settled and forgotten: that is no news of any of them.
            return;
        }

        var known = order.After(read) with
        {
            Stage = goesOn && order.Stage == PendingStage.NotOurs ? PendingStage.Idle : order.Stage,
            SeenBefore = mayBeForgotten || (order.SeenBefore && !isAgain),
            DecidedIn = mayBeForgotten && !wasForgotten ? change.CommittedAt : null,
        };
        Carry(order, known, known.Pending, Reduce(known, change, read.MovedAway, due, now), change, due, read.RowBytes, now);
    }

    /// <summary>
    /// A person replays a refused order: neither its changed key nor whose it is counts any more, nor its age where the event log says that it was never
    /// calculated. What could not be read still counts: that has to be replayed or discarded for itself.
    /// </summary>
    public void Replay(in OpenOrder order, OperatorRequest request, UtcInstant now)
    {
        var change = Known(order, request.Key.Order);
        var due = MarkOf(change, order.DueAt);
        var known = order with { KeyChanged = false, OtherCause = request.Cause, SeenBefore = order.SeenBefore && !request.NeverCalculated };
        var reduced = Reduce(known, change, movedAway: false, due, now);
        Carry(
            order, known, known.Pending with { Stage = PendingStage.Idle },
            reduced with { Ours = true, SameTerms = false, TooOld = reduced.TooOld && !request.NeverCalculated }, change, due, order.RowBytes, now);
    }

    /// <summary>What could not be read was overtaken by what is known already: an order that was refused for it goes on with that.</summary>
    public void Relieve(in OpenOrder order, OrderId id, in OpenOrder relieved, UtcInstant now)
    {
        if (order is not { Stage: PendingStage.Refused, Refusal: Refusals.UnreadableChange } || relieved.Pending.InDoubt)
        {
            orders.Put(id, relieved, order);
            return;
        }

        var change = Known(order, id);
        var due = MarkOf(change, order.DueAt);
        Carry(order, relieved, relieved.Pending, Reduce(relieved, change, movedAway: false, due, now), change, due, order.RowBytes, now);
    }

    static OrderChange Known(in OpenOrder order, OrderId id) => new() { Op = ChangeOp.Upsert, Id = id, Position = order.Position, Row = order.Row() };

    UtcInstant MarkOf(in OrderChange change, UtcInstant known) =>
        change.Op == ChangeOp.Upsert && change.Row.CompletedAt is not null ? math.DueAt(change.Row, change.Row.Merchant) : known;

    PendingChange Reduce(in OpenOrder known, in OrderChange change, bool movedAway, UtcInstant due, UtcInstant now)
    {
        var completed = change.Op == ChangeOp.Upsert && change.Row.Status == OrderStatus.Completed;
        return new(
            completed,
            movedAway ? Takebacks.KeyChanged : change.Op == ChangeOp.Delete ? Takebacks.Deleted : Takebacks.Of(change.Row.Status),
            change.Row.CompletedAt is not null,
            known.Stage == PendingStage.Scheduled && completed && OrderTerms.Same(known.Row(), change.Row),
            due != known.DueAt,
            settings.CompletedSince is not { } since || change.Row.CompletedAt is null || change.Row.CompletedAt >= since,
            due + settings.Retention <= now || known.SeenBefore);
    }

    /// <param name="order">As it was.</param>
    /// <param name="known">What is known of it now, its stage still as it was.</param>
    /// <param name="pending">What is decided over.</param>
    void Carry(
        in OpenOrder order, in OpenOrder known, in PendingOrder pending, in PendingChange reduced, in OrderChange change, UtcInstant due,
        ReadOnlySpan<byte> rowBytes, UtcInstant now)
    {
        var decision = PendingDecider.Decide(pending, reduced);
        var stage = StageAfter(decision.Action, pending.Stage);
        var next = known with
        {
            Stage = stage,
            InTime = due > now,
            DueAt = due,
            DecidedIn = decision.Action == PendingAction.Ignore ? change.CommittedAt : known.DecidedIn,
            IndexedAt = stage switch
            {
                PendingStage.Scheduled => due,
                // A dead letter waits for a person, however long.
                PendingStage.Refused or PendingStage.NotOurs => null,
                _ when order.Stage is not (PendingStage.Scheduled or PendingStage.Refused) && order.IndexedAt >= due + settings.Retention => order.IndexedAt,
                _ => settings.KeptUntil(due, now),
            },
            Refusal = stage != PendingStage.Refused ? null : decision.Action == PendingAction.Refuse ? decision.Reason : pending.Refusal,
            RowBytes = stage is PendingStage.Scheduled or PendingStage.Refused ? rowBytes : default,
        };
        Tell(order.Stage, decision, change, next, due);
        orders.Put(change.Id, next, order);
    }

    static PendingStage StageAfter(PendingAction action, PendingStage before) => action switch
    {
        PendingAction.Schedule or PendingAction.Reschedule => PendingStage.Scheduled,
        PendingAction.Cancel => PendingStage.Idle,
        PendingAction.Refuse => PendingStage.Refused,
        PendingAction.Ignore => PendingStage.NotOurs,
        _ when before == PendingStage.Unknown => PendingStage.Idle,
        _ => before,
    };

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
