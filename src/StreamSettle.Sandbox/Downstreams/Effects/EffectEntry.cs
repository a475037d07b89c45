using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Effects;

/// <summary>One call as it arrived at a system, whatever became of it.</summary>
/// <param name="Sequence">1 and up over all systems, without a gap.</param>
/// <param name="System">Whose effect it is.</param>
/// <param name="Key">The idempotency key as it was sent.</param>
/// <param name="ArrivedAt">The server's clock when the request came in.</param>
/// <param name="Status">The status that the call itself got (in a batch, the item's); 0 where no answer was given.</param>
/// <param name="Fault">What was done wrong on purpose.</param>
/// <param name="Receipt">The recorded answer's id; null unless there is one.</param>
/// <param name="Body">The bytes as they came; arrivals of a key with the same bytes share one array.</param>
public sealed record EffectEntry(
    long Sequence, Leg System, string Key, UtcInstant ArrivedAt, EffectOutcome Outcome, int Status, FaultKind Fault, string? Receipt, byte[] Body);
