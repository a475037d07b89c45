using System.Collections.Immutable;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Rules;

/// <summary>All rule sets that were loaded together. Immutable; safe for many threads.</summary>
public sealed class RuleBook
{
    internal RuleBook(IEnumerable<RuleSet> sets, PayoutCalendars calendars)
    {
        Sets = [.. sets.OrderBy(set => set.EffectiveFrom)];
        Calendars = calendars;
    }

    /// <summary>The days on which payouts go, as they are known now: they are facts, and of no version.</summary>
    public PayoutCalendars Calendars { get; }

    /// <summary>By <see cref="RuleSet.EffectiveFrom"/>, earliest first.</summary>
    public ImmutableArray<RuleSet> Sets { get; }

    /// <summary>The set with the greatest <see cref="RuleSet.EffectiveFrom"/> at or before <paramref name="completedAt"/>, so that a replay gives the same answer; null where all begin later.</summary>
    public RuleSet? InForce(UtcInstant completedAt)
    {
        // Nearly every order was completed under the latest set.
        for (var at = Sets.Length - 1; at >= 0; at--)
        {
            if (Sets[at].EffectiveFrom <= completedAt)
            {
                return Sets[at];
            }
        }

        return null;
    }

    /// <summary>The set of a version, for a what-if; null where there is none.</summary>
    public RuleSet? OfVersion(string version) => Sets.FirstOrDefault(set => set.Version == version);
}
