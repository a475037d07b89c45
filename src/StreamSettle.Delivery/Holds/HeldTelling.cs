using System.Collections.Immutable;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Holds;

namespace StreamSettle.Delivery.Holds;

/// <summary>Calls of a lane of which settlement is still to be told that they are kept back: those from a place in its queue on, up to what came later.</summary>
/// <param name="EndNo">Calls from here on are told of when they come.</param>
internal readonly record struct HeldTelling(LaneKey Lane, long FromNo, long EndNo, ImmutableArray<Hold> By);
