using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>
/// Keeps I11: no sliding window holds more requests than the limit, wherever between reservation and completion the system counted each.
/// A request is used from its reservation until a whole window after its completion. Not thread-safe; time comes with each call.
/// </summary>
internal sealed class SlidingBudget
{
    /// <summary>Windows that are longer are taken as this long.</summary>
    internal static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Kept free beyond the window: two clocks do not run equally fast. Microseconds.</summary>
    internal const long MarginUs = 10_000;

    readonly List<WindowCount> counts;
    readonly TimeSpan defaultWindow;
    readonly RateRule? configured;
    IReadOnlyList<RateRule> learned = [];
    long inFlight;

    /// <param name="limit">Configured limit a window; null for none.</param>
    /// <param name="window">Of the configured limit, and of learned ones that name none.</param>
    internal SlidingBudget(long? limit, TimeSpan window)
    {
        defaultWindow = window;
        configured = limit is null ? null : new(limit.Value, window);

        // The longest one remembers for windows that are learned later.
        counts = [new(window), new(LongestWindow)];
    }

    /// <summary>The limits in force: what is configured, and what the system said last.</summary>
    internal IEnumerable<RateRule> Rules => configured is null ? learned : learned.Append(configured.Value);

    /// <summary>What the system said last.</summary>
    internal IReadOnlyList<RateRule> Learned => learned;

    /// <summary>Takes up what an answer says; an answer without limits changes nothing.</summary>
    internal void Learn(IReadOnlyList<RateRule> rules)
    {
        if (rules.Count == 0 || rules.SequenceEqual(learned))
        {
            return;
        }

        learned = rules;
        foreach (var rule in rules)
        {
            EnsureCount(rule.Window ?? defaultWindow);
        }

        counts.RemoveAll(count => count.Window != defaultWindow && count.Window != LongestWindow && !rules.Any(rule => rule.Window == count.Window));
    }

    /// <summary>Requests that may be reserved now.</summary>
    internal long Free(UtcInstant now) => Tightest(now).Free;

    /// <summary>Limit and use of the rule that leaves least; a limit of null where there is none.</summary>
    internal (long? Limit, long Used, long Free) Tightest(UtcInstant now)
    {
        (long? Limit, long Used, long Free) tightest = (null, 0, long.MaxValue);
        foreach (var rule in Rules)
        {
            var count = CountOf(rule.Window ?? defaultWindow);
            count.Expire(now);
            var used = count.Used + inFlight;
            var free = Math.Max(0, rule.Limit - used);
            if (free < tightest.Free)
            {
                tightest = (rule.Limit, used, free);
            }
        }

        return tightest;
    }

    /// <summary>Takes one request out of the budget, before it is sent.</summary>
    internal void Reserve() => inFlight++;

    /// <summary>The reserved request is over, answered or not: from here its window runs.</summary>
    internal void Complete(UtcInstant now)
    {
        inFlight--;
        Use(now, 1);
    }

    /// <summary>Counts requests of before: those a store remembers, and those whose outcome was lost.</summary>
    internal void Use(UtcInstant at, long count)
    {
        foreach (var window in counts)
        {
            window.Expire(at);
            window.Add(at, count);
        }
    }

    WindowCount CountOf(TimeSpan window) => counts.Find(count => count.Window == window)!;

    void EnsureCount(TimeSpan window)
    {
        if (CountOf(window) is not null)
        {
            return;
        }

        // The finest memory that reaches back far enough.
        var source = counts.Where(count => count.Window >= window).MinBy(count => count.Window) ?? counts.MaxBy(count => count.Window)!;
        counts.Add(source.For(window));
    }
}
