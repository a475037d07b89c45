namespace StreamSettle.Delivery.Budgets;

/// <summary>Sets of limits, every one of which holds.</summary>
internal static class RateRules
{
    /// <summary>Most limits kept, so that a system that invents new ones costs nothing.</summary>
    internal const int Most = 16;

    /// <summary>What one answer says: headers name a limit first and its window behind, so the same without a window says nothing more.</summary>
    internal static RateRule[] OfAnswer(IReadOnlyCollection<RateRule> said) =>
        Bounded(said.Where(rule => rule.Window is not null || !said.Any(other => other.Window is not null && other.Limit == rule.Limit)));

    /// <summary>What holds after an answer.</summary>
    /// <param name="known">What held before.</param>
    internal static RateRule[] After(IReadOnlyList<RateRule> known, RateReading reading)
    {
        if (reading.Rules.Count == 0)
        {
            return [.. known];
        }

        // A limit that comes without its window this time is the known one, not one for the configured window.
        var meant = known.Where(rule => rule.Window is not null && reading.Rules.Contains(new(rule.Limit, null)));
        var said = OfAnswer([.. reading.Rules, .. meant]);
        return reading.IsWhole ? said : Bounded(said.Concat(known));
    }

    /// <summary>One limit a window, the least; of too many the two shortest windows become one limit that is tighter than both.</summary>
    static RateRule[] Bounded(IEnumerable<RateRule> rules)
    {
        var all = rules.GroupBy(rule => rule.Window).Select(same => new RateRule(same.Min(rule => rule.Limit), same.Key)).OrderBy(rule => rule.Window).ToList();
        while (all.Count > Most)
        {
            // The first may be the one without a window, which is as long as is configured.
            var (shorter, longer) = (all[1], all[2]);
            all.RemoveRange(1, 2);
            all.Insert(1, new(Math.Min(shorter.Limit, longer.Limit), longer.Window));
        }

        return [.. all];
    }
}
