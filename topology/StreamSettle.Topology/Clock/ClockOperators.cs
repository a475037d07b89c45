using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>Replays and discards of refused orders that the clock still has; of the others settle has to know.</summary>
sealed class ClockOperators(OpenOrders orders, ClockDesk desk, ClockScheduler scheduler)
{
    public void Handle(OperatorRequest request, UtcInstant now)
    {
        if (!orders.TryGet(request.Key.Order, out var order))
        {
            return;
        }

        if (order.Stage == PendingStage.HandedOver)
        {
            desk.Hand(new() { Kind = OrderMessageKind.Operator, Order = request.Key.Order, Merchant = order.Merchant, Request = request });
        }
        else if (order.Stage == PendingStage.Refused && request.Key is { Leg: Leg.Calculation, N: 0 })
        {
            desk.Unrefuse(request.Key.Order);
            if (request.Replay)
            {
                Replay(request, order, now);
            }
            else
            {
                Discard(request, order);
            }
        }
    }

    void Replay(OperatorRequest request, in OpenOrder order, UtcInstant now)
    {
        desk.Tell(request.Key.Order, new DeliveryReplayed(request.Cause, desk.RecordedAt, request.Key.ToString(), Leg.Calculation.Name(), 0, 0, request.By));
        var again = new OpenOrder { Stage = PendingStage.Idle, Position = order.Position, DueAt = order.DueAt, IndexedAt = order.IndexedAt };
        var change = new Schemas.Orders.OrderChange { Op = ChangeOp.Upsert, Id = request.Key.Order, Position = order.Position, Row = order.Row() };
        scheduler.Apply(again, arrived: false, movedAway: false, change, request.Cause, order.RowBytes, now);
    }

    void Discard(OperatorRequest request, in OpenOrder order)
    {
        desk.Tell(request.Key.Order, new DeliveryDiscarded(request.Cause, desk.RecordedAt, request.Key.ToString(), Leg.Calculation.Name(), 0, 0, request.By));
        orders.Put(request.Key.Order, new() { Stage = PendingStage.GivenUp, Position = order.Position }, order.IndexedAt);
    }
}
