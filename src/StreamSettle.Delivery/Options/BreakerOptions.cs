using System.Globalization;

namespace StreamSettle.Delivery.Options;

/// <summary>When a system counts as degraded. Configuration section <c>Downstreams:NAME:Breaker</c>. Source: the contract, degraded mode.</summary>
public sealed record BreakerOptions
{
    /// <summary>Longest window that may be configured.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    /// <summary>Shortest window that may be configured: outcomes are counted by sixtieths of it.</summary>
    public static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);

    /// <summary>Most outcomes that may be asked for before anything is judged.</summary>
    public const int MostMinimumOutcomes = 100_000;

    /// <summary>Probes that a window has room for, in least outcomes: enough that a share of a twentieth can be told from one of a tenth.</summary>
    const int ProbesPerMinimum = 6;

    /// <summary>Share of errors among the outcomes of a window above which the system is degraded, over 0 to 1; with 1 it never is. Default 0.1.</summary>
    public double ErrorRate { get; init; } = 0.1;

    /// <summary>How far back outcomes count. Default 1 min.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Fewer outcomes in the window say nothing. Default 20.</summary>
    public int MinimumOutcomes { get; init; } = 20;

    /// <summary>A degraded system is well again below it: half the rate that degraded it, so that one near the rate does not go to and fro.</summary>
    internal double RecoveredRate => ErrorRate / 2;

    /// <summary>Between two probes of a degraded system.</summary>
    internal TimeSpan ProbeInterval => Window / (ProbesPerMinimum * MinimumOutcomes);

    /// <summary>One message for each rule that is broken.</summary>
    internal IEnumerable<string> Problems(string section)
    {
        if (ErrorRate is not (> 0 and <= 1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{section}:ErrorRate must be above 0 and at most 1 (with 1 the system is never degraded), but is {ErrorRate}.");
        }

        if (Window < ShortestWindow || Window > LongestWindow)
        {
            yield return $"{section}:Window must be from {ShortestWindow} to {LongestWindow}, but is {Window}.";
        }

        if (MinimumOutcomes is < 1 or > MostMinimumOutcomes)
        {
            yield return $"{section}:MinimumOutcomes must be from 1 to {MostMinimumOutcomes}, but is {MinimumOutcomes}.";
        }
    }
}
