using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>What is known of a leg whose call was undone by its system at least once (contract/downstreams.md, "Callbacks").</summary>
/// <param name="Returns">Of the key that it goes by now: how often it was undone and asked for again.</param>
/// <param name="Reason">
/// Why the system has undone that key's effect; null where it has not. While the leg is not confirmed, the system was heard before the answer of the call: it is
/// <see cref="LegState.Returned"/> as soon as it is known to be confirmed.
/// </param>
public sealed record ReturnedLeg(int N, Leg Leg, int Returns, string? Reason);
