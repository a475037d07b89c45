using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>How sealing stands, for health and dashboard.</summary>
/// <param name="Last">The last seal in the event log; null before the first, and before the first look.</param>
/// <param name="FailingSince">The first failure in a row; null while seals can be made.</param>
/// <param name="Reason">The last failure.</param>
/// <param name="HeldUpSince">Since when a transaction that is open somewhere on the server keeps what waits from being sealed; null where none does.</param>
public sealed record SealerStatus(Seal? Last, UtcInstant? FailingSince, string? Reason, UtcInstant? HeldUpSince);
