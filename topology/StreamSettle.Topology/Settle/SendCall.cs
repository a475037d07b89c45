using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The call may go: its body is made and given to delivery.</summary>
sealed record SendCall(Leg Leg, int N) : OrderReaction;
