using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>Replays and discards of refused orders that the clock still has; of the others settle has to know.</summary>
sealed class ClockOperators(OpenOrders orders, ClockOutputs outputs, ClockScheduler scheduler)
{
    public void Handle(OperatorRequest.OfKey request, UtcInstant now)
    {
        var id = request.Key.Order;
        if (!orders.TryGet(id, out var order))
        {
            return;
        }

        switch (order.Stage)
        {
            case PendingStage.HandedOver:
                outputs.Forward(new() { Kind = OrderMessageKind.Operator, Order = id, Merchant = order.State.Merchant, Request = request });
                orders.Put(id, order with { Forwarded = order.Forwarded + 1 }, order);
                break;
            case PendingStage.Refused when request.Key is not { Leg: Leg.Calculation, N: 0 }:
                break;
            case PendingStage.Refused when request is OperatorRequest.Replay && order.RowBytes.IsEmpty:
                // After a rebuild, until its row has come with the whole reading of the source: it stays on the list, and can be asked for again.
                break;
            case PendingStage.Refused:
                Operate(order, request, now);
                break;
        }
    }

    void Operate(in OpenOrder order, OperatorRequest.OfKey request, UtcInstant now)
    {
        switch (request)
        {
            case OperatorRequest.Replay replay:
                scheduler.Replay(order, replay, now);
                break;
            case OperatorRequest.Discard discard:
                scheduler.Discard(order, discard, now);
                break;
            default:
                throw new BrokenInvariantException($"unknown request {request}");
        }
    }
}
