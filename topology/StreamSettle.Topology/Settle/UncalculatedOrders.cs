using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>What happens to an order between its mark and its calculation: refused, waiting or taken back, it follows the same decisions as before the mark, but its merchant stays.</summary>
sealed class UncalculatedOrders(Settlements settlements, SettleDesk desk, OrderMath math, SettlementSettings settings)
{
    public OrderMath Math => math;

    public void Follow(SettlementState state, in OrderMessage message, UtcInstant now)
    {
        switch (message.Kind)
        {
            case OrderMessageKind.Changed or OrderMessageKind.Deleted:
                Change(state, message, now);
                break;
            case OrderMessageKind.Unreadable when state.Stage == PendingStage.Scheduled:
                Refuse(state with { Cause = message.Cause }, state, Refusals.UnreadableChange);
                break;
            case OrderMessageKind.Overtaken when state is { Stage: PendingStage.Refused, Refusal: Refusals.UnreadableChange, Pending.InDoubt: false }:
                Relieve(state, message.Cause, now);
                break;
        }
    }

    void Change(SettlementState state, in OrderMessage message, UtcInstant now)
    {
        var row = message.Kind == OrderMessageKind.Changed ? message.Row() : default;
        var completed = message.Kind == OrderMessageKind.Changed && row.Status == OrderStatus.Completed;
        var due = completed && row.CompletedAt is not null ? math.DueAt(row, state.Merchant) : state.DueAt;
        var takeback = message.Kind == OrderMessageKind.Changed ? Takebacks.Of(row.Status) : message.KeyChanged ? Takebacks.KeyChanged : Takebacks.Deleted;
        var same = completed && !state.Row.IsEmpty && OrderTerms.SameBesidesMerchant(Rows.Read(state.Row.AsSpan()), row);
        var change = new PendingChange(completed, takeback, row.CompletedAt is not null, same, due != state.DueAt, Ours: true, TooOld: false);
        var next = state with { Cause = message.Cause, KeyChanged = state.KeyChanged || (message.Kind == OrderMessageKind.Changed && message.KeyChanged) };
        Apply(next, state, PendingDecider.Decide(next.Pending, change), row, message.RowBytes, due, now);
    }

    public void Operate(SettlementState state, OperatorRequest request, UtcInstant now)
    {
        if (state.Stage != PendingStage.Refused || request.Key.N != 0)
        {
            return;
        }

        var (key, leg) = (request.Key.ToString(), Leg.Calculation.Name());
        if (request.Replay)
        {
            desk.Tell(state.Order, new DeliveryReplayed(request.Cause, desk.RecordedAt, key, leg, 0, 0, request.By));
            TryAnew(state with { Cause = request.Cause, KeyChanged = false, InTime = false }, state);
        }
        else
        {
            desk.Refuse(new(request.Key, null), state.Merchant, []);
            desk.Tell(state.Order, new DeliveryDiscarded(request.Cause, desk.RecordedAt, key, leg, 0, 0, request.By, Note: request.Note));
            settlements.Put(state with { Stage = PendingStage.GivenUp, Refusal = null, Row = [], IndexedAt = settings.KeptUntil(state.DueAt, now) }, state);
        }
    }

    /// <summary>What could not be read is known already: the order goes on with that.</summary>
    void Relieve(SettlementState state, string cause, UtcInstant now)
    {
        var row = Rows.Read(state.Row.AsSpan());
        var change = new PendingChange(Completed: true, "", row.CompletedAt is not null, SameTerms: true, MarkMoved: false, Ours: true, TooOld: false);
        Apply(state with { Cause = cause }, state, PendingDecider.Decide(state.Pending, change), row, state.Row.AsSpan(), state.DueAt, now);
    }

    /// <summary>The order cannot be calculated as it is.</summary>
    public void Refuse(SettlementState state, SettlementState before, string reason)
    {
        var key = new CallKey(state.Order, Leg.Calculation, 0);
        desk.Tell(state.Order, new DeliveryDeadLettered(state.Cause, desk.RecordedAt, key.ToString(), Leg.Calculation.Name(), 0, 0, reason));
        desk.Refuse(new(key, reason), state.Merchant, state.Row.AsSpan());
        settlements.Put(state with { Stage = PendingStage.Refused, Refusal = reason, IndexedAt = null }, before);
    }

    /// <summary>Taken back before it was calculated, or nothing left to settle.</summary>
    public void Cancel(SettlementState state, SettlementState before, string reason, UtcInstant now)
    {
        desk.Tell(state.Order, new SettlementCancelled(state.Cause, desk.RecordedAt, reason));
        settlements.Put(state with { Stage = PendingStage.Idle, Refusal = null, Row = [], IndexedAt = settings.KeptUntil(state.DueAt, now) }, before);
    }

    /// <summary>Back to waiting: the next release calculates it, and takes its mark anew.</summary>
    void TryAnew(SettlementState state, SettlementState before)
    {
        var hasCompletedAt = Rows.Read(state.Row.AsSpan()).CompletedAt is not null;
        if (!hasCompletedAt || state.Pending.InDoubt)
        {
            Refuse(state, before, hasCompletedAt ? Refusals.UnreadableChange : Refusals.NoCompletedAt);
            return;
        }

        desk.Refuse(new(new(state.Order, Leg.Calculation, 0), null), state.Merchant, []);
        settlements.Put(state with { Stage = PendingStage.Scheduled, Refusal = null, IndexedAt = state.DueAt }, before);
    }

    void Apply(
        SettlementState state, SettlementState before, PendingDecision decision, in OrderRow row, ReadOnlySpan<byte> rowBytes, UtcInstant due, UtcInstant now)
    {
        if (state.Stage == PendingStage.Refused && decision.Action is (PendingAction.Schedule or PendingAction.Reschedule or PendingAction.Cancel))
        {
            desk.Refuse(new(new(state.Order, Leg.Calculation, 0), null), state.Merchant, []);
        }

        switch (decision.Action)
        {
            case PendingAction.Schedule:
                desk.Tell(state.Order, new SettlementScheduled(state.Cause, desk.RecordedAt, state.Merchant.Value, row.CompletedAt.ToString()!, due.ToString()));
                Schedule(state, before, rowBytes, due);
                break;
            case PendingAction.Reschedule:
                desk.Tell(state.Order, new SettlementRescheduled(state.Cause, desk.RecordedAt, state.Merchant.Value, row.CompletedAt.ToString()!, due.ToString()));
                Schedule(state, before, rowBytes, due);
                break;
            case PendingAction.Cancel:
                Cancel(state, before, decision.Reason, now);
                break;
            case PendingAction.Refuse:
                Refuse(state with { Row = [.. rowBytes] }, before, decision.Reason);
                break;
            case PendingAction.Nothing when state.Stage is PendingStage.Scheduled or PendingStage.Refused:
                settlements.Put(state with { Row = [.. rowBytes] }, before);
                break;
        }
    }

    void Schedule(SettlementState state, SettlementState before, ReadOnlySpan<byte> rowBytes, UtcInstant due) => settlements.Put(
        state with
        {
            Stage = PendingStage.Scheduled, Refusal = null, DueAt = due, DueTold = state.DueTold && due == state.DueAt, InTime = false,
            IndexedAt = due, Row = [.. rowBytes],
        },
        before);
}
