using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>A call waits for a person since its system has undone it.</summary>
sealed record OpenReturned(ReturnedLeg Returned) : OrderReaction;

/// <summary>A returned call does not wait any more.</summary>
/// <param name="Returns">Of the key that waited.</param>
sealed record CloseReturned(Leg Leg, int N, int Returns) : OrderReaction;
