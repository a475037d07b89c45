using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>How notarising stands.</summary>
/// <param name="IsElsewhere">Another instance does it.</param>
/// <param name="FailingSince">Since when the event log itself cannot be used for it; null while it can.</param>
/// <param name="Reason">The last failure of that kind.</param>
public sealed record NotariserStatus(IReadOnlyList<NotaryStatus> Notaries, bool IsElsewhere, UtcInstant? FailingSince, string? Reason);
