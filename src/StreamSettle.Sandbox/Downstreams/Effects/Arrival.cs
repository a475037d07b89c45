using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Effects;

/// <summary>What is known of a call when it comes to a system, before anything is done about it.</summary>
/// <param name="Key">The idempotency key as it was sent.</param>
/// <param name="At">The server's clock when the request came in.</param>
/// <param name="Fault">What is to be done wrong on purpose.</param>
internal readonly record struct Arrival(string Key, UtcInstant At, FaultKind Fault);
