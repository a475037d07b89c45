using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>How one projection stands on this instance.</summary>
/// <param name="State"><c>starting</c>, <c>running</c>, <c>elsewhere</c> where another instance runs it, or <c>failing</c>.</param>
/// <param name="Place">How far it has come, whoever runs it; null before the first look.</param>
/// <param name="FailingSince">The first failure in a row.</param>
/// <param name="Reason">The last one.</param>
/// <param name="Skipped">Types of events that were passed over as this release does not know them, as seen by this instance.</param>
public sealed record ProjectorStatus(string State, ProjectionPlace? Place, UtcInstant? FailingSince, string? Reason, IReadOnlyList<string> Skipped)
{
    public const string Starting = "starting";
    public const string Running = "running";
    public const string Elsewhere = "elsewhere";
    public const string Failing = "failing";
}
