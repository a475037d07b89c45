using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Breakers;

/// <summary>That a system is degraded, as it is kept over restarts.</summary>
/// <param name="Since">When it was found so.</param>
/// <param name="Reason">What it was found by.</param>
/// <param name="Away">Nothing but errors came of late.</param>
internal sealed record Degradation(UtcInstant Since, string Reason, bool Away);
