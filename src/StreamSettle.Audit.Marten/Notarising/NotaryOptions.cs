using StreamSettle.Audit.Notaries;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>What of the event log is given to notaries. Configuration section <c>Audit:Notary</c>.</summary>
public sealed record NotaryOptions
{
    /// <summary>Longest <see cref="Interval"/>.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromDays(1);

    /// <summary>A seal is notarised that was made so long after the one that was notarised before, and by it those between. Zero for each. Default 1 min.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Splits above these net amounts are notarised by themselves. Default none.</summary>
    public SplitAmounts SplitsAbove { get; init; } = SplitAmounts.None;

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (Interval < TimeSpan.Zero || Interval > MaxInterval)
        {
            yield return $"{section}:Interval must be from {TimeSpan.Zero} to {MaxInterval}, but is {Interval}.";
        }
    }
}
