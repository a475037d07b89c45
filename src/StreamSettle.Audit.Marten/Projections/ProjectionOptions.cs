using System.Globalization;
using StreamSettle.Postgres;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Which projections run, and how. Configuration section <c>Audit:Projections</c>.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Shortest and longest <see cref="Interval"/>.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100), MaxInterval = TimeSpan.FromMinutes(5);

    /// <summary>The event log as the role of the projections reaches it: it writes views, and no event.</summary>
    public required AuditOptions Audit { get; init; }

    /// <summary>Names of <see cref="ProjectionName"/>. Default none: they cost time of the event log's server.</summary>
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>How often new events are looked for: what comes in between is written about at once. Default 5 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Events of types that this release does not know are passed over, instead of stopped at. Default false.</summary>
    public bool SkipUnknown { get; init; }

    /// <summary>How long a gap in the sequence stays before it is asked whether anybody may still fill it. Marten's default.</summary>
    internal TimeSpan GapPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold. Never shows the connection string: it may hold a password.</summary>
    public IEnumerable<string> Problems(string section)
    {
        foreach (var name in Run.Where(name => !ProjectionName.All.Contains(name)))
        {
            yield return $"{section}:Run must be some of {string.Join(", ", ProjectionName.All)}, with commas, but has '{name}'.";
        }

        if (Interval < MinInterval || Interval > MaxInterval)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{section}:Interval must be from {MinInterval} to {MaxInterval}, but is {Interval}.");
        }

        if (ConnectionText.Problem(Audit.ConnectionString, "audit") is { } problem)
        {
            yield return $"{section}:ConnectionString cannot be read: {problem}.";
        }
    }
}
