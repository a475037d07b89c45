using StreamSettle.Kernel.Time;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>A time in which the service said that it fires nothing, and why it had to.</summary>
sealed record DarkTime(string Trouble, UtcInstant From, UtcInstant To)
{
    public bool Covers(UtcInstant at) => at > From && at < To;
}
