using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Settle;

/// <summary>The dead letter of a call that its system has undone: settle's, since to delivery the call is over.</summary>
static class ReturnedLetter
{
    /// <param name="body">What goes again, with the invoice where there is one.</param>
    /// <param name="since">When that became known.</param>
    public static DeadLetter Of(OrderId order, MerchantId merchant, ReturnedLeg returned, ReadOnlySpan<byte> body, UtcInstant since) => new()
    {
        Id = new CallKey(order, returned.Leg, returned.N, returned.Returns).ToString(), Stage = returned.Leg.Name(), OrderId = order.Value, MerchantId = merchant.Value,
        Reason = ReturnedCalls.Prefix + returned.Reason, Since = since, Payload = body.ToArray(),
    };
}
