using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>
/// Spreads what a process may send over a limit's window, so that a system does not get all of it in the window's first seconds, from all instances at once. It
/// keeps no promise by itself: the limit does. Not thread-safe; time comes with each call.
/// </summary>
/// <param name="defaultWindow">Of limits that name none.</param>
internal sealed class Evenness(TimeSpan defaultWindow)
{
    /// <summary>Parts of a window; in each goes its part of the limit and a little more, so that it is the limit that binds in the end.</summary>
    const int Parts = 10;

    const int PercentOfPart = 110;

    /// <summary>Shorter windows are short enough.</summary>
    static readonly TimeSpan ShortestSpread = TimeSpan.FromSeconds(10);

    readonly SlidingBudget budget = new(null, ShortestSpread);

    /// <param name="rules">What the process may send by each limit.</param>
    internal void Learn(IReadOnlyList<RateRule> rules) => budget.Learn(
        [.. rules.Select(rule => rule with { Window = rule.Window ?? defaultWindow }).Where(rule => rule.Window >= ShortestSpread)
            .GroupBy(rule => rule.Window).Select(same => Part(same.Min(rule => rule.Limit), same.Key!.Value))]);

    internal long Free(MonotonicInstant now) => budget.Free(now);

    internal void Use(MonotonicInstant now)
    {
        budget.Reserve();
        budget.Complete(now);
    }

    static RateRule Part(long limit, TimeSpan window) => new((long)(((Int128)limit * PercentOfPart / 100 + Parts - 1) / Parts), window / Parts);
}
