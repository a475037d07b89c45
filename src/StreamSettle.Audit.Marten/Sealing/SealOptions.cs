using System.Globalization;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>How the service seals its event log. Configuration section <c>Audit:Seal</c>.</summary>
public sealed record SealOptions
{
    /// <summary>Fewest and most of <see cref="Events"/>.</summary>
    public const int MinEvents = 1, MaxEvents = 1_000_000;

    /// <summary>Shortest and longest <see cref="Interval"/>.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1), MaxInterval = TimeSpan.FromDays(1);

    /// <summary>Signs.</summary>
    public required SealKey Key { get; init; }

    /// <summary>A seal is made so long after the one before, when there are new events. Default 1 min.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A seal is made at once when so many events wait for it; it covers no more. Default 100,000.</summary>
    public int Events { get; init; } = 100_000;

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (!Key.MaySign)
        {
            yield return $"{section}:Key must be a private key, but is a public one: public ones stand under {section}:PublicKeys.";
        }

        if (Interval < MinInterval || Interval > MaxInterval)
        {
            yield return $"{section}:Interval must be from {MinInterval} to {MaxInterval}, but is {Interval}.";
        }

        if (Events is < MinEvents or > MaxEvents)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{section}:Events must be from {MinEvents} to {MaxEvents}, but is {Events}.");
        }
    }
}
