using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>Replays and discards of refused orders that the clock still has; of the others settle has to know.</summary>
sealed class ClockOperators(OpenOrders orders, ClockDesk desk, ClockScheduler scheduler, SettlementSettings settings)
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
            orders.Put(request.Key.Order, order with { Handed = order.Handed + 1 }, order);
        }
        else if (order.Stage == PendingStage.Refused && request.Key is { Leg: Leg.Calculation, N: 0 })
        {
            if (request.Replay)
            {
                Replay(request, order, now);
            }
            else
            {
                Discard(request, order, now);
            }
        }
    }

    void Replay(OperatorRequest request, in OpenOrder order, UtcInstant now)
    {
        desk.Tell(request.Key.Order, new DeliveryReplayed(request.Cause, desk.RecordedAt, request.Key.ToString(), Leg.Calculation.Name(), 0, 0, request.By));
        scheduler.Replay(order, request, now);
    }

    void Discard(OperatorRequest request, in OpenOrder order, UtcInstant now)
    {
        desk.Unrefuse(request.Key.Order);
        desk.Tell(
            request.Key.Order, new DeliveryDiscarded(request.Cause, desk.RecordedAt, request.Key.ToString(), Leg.Calculation.Name(), 0, 0, request.By, Note: request.Note));
        var kept = settings.KeptUntil(order.DueAt, now);
        orders.Put(
            request.Key.Order, order with { Stage = PendingStage.GivenUp, KeyChanged = false, Refusal = null, OtherCause = null, IndexedAt = kept, RowBytes = default },
            order);
    }
}
