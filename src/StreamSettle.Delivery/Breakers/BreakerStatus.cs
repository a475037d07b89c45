using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Breakers;

/// <summary>How the breaker of a system stands, for people.</summary>
/// <param name="Since">When the system was found degraded; null while the breaker is closed.</param>
/// <param name="Reason">What it was found by; empty while the breaker is closed.</param>
/// <param name="NextProbeAt">When the next probe may go, if a call waits to be one; null while the breaker is closed.</param>
public sealed record BreakerStatus(BreakerMode Mode, UtcInstant? Since, string Reason, UtcInstant? NextProbeAt)
{
    internal static BreakerStatus Closed { get; } = new(BreakerMode.Closed, null, "", null);
}
