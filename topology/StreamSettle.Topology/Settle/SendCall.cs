using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The call may go: its body is made and given to delivery.</summary>
/// <param name="Returns">Of its key.</param>
sealed record SendCall(Leg Leg, int N, int Returns = 0) : OrderReaction;
