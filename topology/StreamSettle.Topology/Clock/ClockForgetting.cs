using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Forgets orders that settle is done with. Only settle can say that nobody needs an order any more, and only the clock that nothing about it is on its way:
/// settle asks with the number of messages that it took, and where the clock gave as many, it forgets and says so. Whatever comes later is first seen.
/// </summary>
sealed class ClockForgetting(OpenOrders orders, ClockOutputs outputs)
{
    public void Handle(in FinishedOrder finished)
    {
        if (orders.TryGet(finished.Order, out var order))
        {
            if (order.Stage != PendingStage.HandedOver || order.Forwarded != finished.Taken)
            {
                // What is on its way makes settle ask again.
                return;
            }

            orders.Forgotten.Add(finished.Mark, finished.CompletedAt);
            orders.Forget(finished.Order, order, finished.CompletedAt);
        }

        outputs.Forward(new() { Kind = OrderMessageKind.Forgotten, Order = finished.Order, Merchant = finished.Merchant });
    }
}
