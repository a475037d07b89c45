using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>
/// Keeps I11: no sliding window holds more requests than the limit, wherever between reservation and completion the system counted each.
/// A request is used from its reservation until a whole window after its completion, by the monotonic clock. Not thread-safe; time comes with each call.
/// </summary>
internal sealed class SlidingBudget
{
    /// <summary>Windows that are longer are taken as this long: a century.</summary>
    internal static readonly TimeSpan LongestWindow = TimeSpan.FromDays(36_525);

    /// <summary>
    /// What is remembered for windows that are learned later. A count knows times to a part of its own window, so there is one not much longer than any window.
    /// </summary>
    static readonly TimeSpan[] Remembered = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(31), TimeSpan.FromDays(732), LongestWindow];

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
        defaultWindow = LongestInForce = window;
        configured = limit is null ? null : new(limit.Value, window);

        counts = [.. Remembered.Append(window).Distinct().Select(remembered => new WindowCount(remembered))];
    }

    /// <summary>The limits in force: what is configured, and what the system said last.</summary>
    internal IEnumerable<RateRule> Rules => configured is null ? learned : learned.Append(configured.Value);

    /// <summary>What the system said last.</summary>
    internal IReadOnlyList<RateRule> Learned => learned;

    /// <summary>The longest window of any limit in force, or the configured one.</summary>
    internal TimeSpan LongestInForce { get; private set; }

    /// <summary>Takes up what an answer says; one without limits changes nothing, one that cannot be read as a whole only tightens.</summary>
    internal void Learn(RateReading reading)
    {
        if (reading.Rules.Count > 0)
        {
            Learn(RateRules.After(learned, reading));
        }
    }

    /// <summary>These limits hold from now on; none changes nothing.</summary>
    internal void Learn(IReadOnlyList<RateRule> rules)
    {
        if (rules.Count == 0 || rules.SequenceEqual(learned))
        {
            return;
        }

        learned = rules;
        LongestInForce = rules.Select(rule => rule.Window ?? defaultWindow).Append(defaultWindow).Max();
        foreach (var rule in rules)
        {
            EnsureCount(rule.Window ?? defaultWindow);
        }

        counts.RemoveAll(count => count.Window != defaultWindow && !Remembered.Contains(count.Window) && !rules.Any(rule => rule.Window == count.Window));
    }

    /// <summary>Requests that may be reserved now.</summary>
    internal long Free(MonotonicInstant now) => Tightest(now).Free;

    /// <summary>Limit and use of the rule that leaves least; a limit of null where there is none.</summary>
    internal (long? Limit, long Used, long Free) Tightest(MonotonicInstant now)
    {
        (long? Limit, long Used, long Free) tightest = (null, 0, long.MaxValue);
        foreach (var rule in Rules)
        {
            var used = Used(rule.Window ?? defaultWindow, now);
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

    /// <summary>The reserved request was never sent, and will not be.</summary>
    internal void Release() => inFlight--;

    /// <summary>The reserved request is over, answered or not: from here its window runs.</summary>
    internal void Complete(MonotonicInstant now)
    {
        inFlight--;
        foreach (var window in counts)
        {
            window.Expire(now);
        }

        Use(now, 1);
    }

    /// <summary>Counts requests of before: those a store remembers, and those whose outcome was lost, which may still be made until <paramref name="at"/>.</summary>
    internal void Use(MonotonicInstant at, long count)
    {
        foreach (var window in counts)
        {
            window.Add(at, count);
        }
    }

    /// <summary>Requests in a window that a limit in force has, those under way included.</summary>
    internal long Used(TimeSpan window, MonotonicInstant now)
    {
        var count = CountOf(window);
        count.Expire(now);
        return count.Used + inFlight;
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
