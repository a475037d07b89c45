using System.Collections.Immutable;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Holds;

namespace StreamSettle.Delivery.Holds;

/// <summary>A lane that is kept back as a whole.</summary>
/// <param name="By">What holds it, one for each scope.</param>
internal sealed record HeldLane(CallLane Lane, ImmutableArray<Hold> By);
