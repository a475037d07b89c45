using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>How one notary stands, for status, metrics and the log.</summary>
/// <param name="Name">The notary's.</param>
/// <param name="Standing">Null before the first look.</param>
/// <param name="FailingSince">The first failure in a row; null while it does what it should, and in an instance that leaves it to another.</param>
/// <param name="Reason">The last failure, or what is waited for.</param>
public sealed record NotaryStatus(string Name, NotaryStanding? Standing, UtcInstant? FailingSince, string? Reason);
