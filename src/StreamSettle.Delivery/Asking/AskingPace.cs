using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Asking;

/// <summary>
/// When the next question may go: within its share of the system's limits, not in a pause that the system asked for, and to a system that does not answer one at
/// a time. Thread-safe.
/// </summary>
internal sealed class AskingPace(DownstreamOptions options, AskingOptions asking, TimeProvider time)
{
    /// <summary>Questions in a row without an answer after which a system counts as away.</summary>
    internal const int AwayAfter = 10;

    /// <summary>A longer pause is not waited for: what is asked meanwhile stays unknown.</summary>
    internal static readonly TimeSpan MostPause = TimeSpan.FromMinutes(1);

    /// <summary>How often a system that is away is tried.</summary>
    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);

    static readonly TimeSpan BudgetLook = TimeSpan.FromMilliseconds(100);

    readonly Lock gate = new();
    readonly SlidingBudget budget = new(options.RateLimit is { } limit ? asking.Of(limit) : null, options.RateWindow);
    IReadOnlyList<RateRule> learned = [];
    MonotonicInstant pausedUntil = new(long.MinValue);
    MonotonicInstant nextProbe = new(long.MinValue);
    int unanswered;
    string lastTrouble = "";

    /// <summary>Waits for leave. <see cref="Heard"/> or <see cref="Unheard"/> has to follow.</summary>
    /// <returns>Null with leave; else why there is none soon.</returns>
    internal async Task<string?> TurnAsync(CancellationToken stop)
    {
        while (true)
        {
            var (wait, whyNot) = TryTake();
            if (wait is not { } delay || whyNot is not null)
            {
                return whyNot;
            }

            await Task.Delay(delay, time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>An answer that says something of the call, or asks for patience.</summary>
    /// <param name="pause">Nothing is asked for so long; null for none.</param>
    internal void Heard(RateReading? rates, TimeSpan? pause)
    {
        lock (gate)
        {
            var now = Over();
            unanswered = 0;
            Learn(rates, now);
            Pause(pause, now);
        }
    }

    /// <summary>No answer, or one that says nothing.</summary>
    internal void Unheard(string trouble)
    {
        lock (gate)
        {
            var now = Over();
            (unanswered, lastTrouble) = (unanswered + 1, trouble);
            if (unanswered >= AwayAfter)
            {
                nextProbe = now + ProbeInterval;
            }
        }
    }

    (TimeSpan? Wait, string? WhyNot) TryTake()
    {
        lock (gate)
        {
            var now = MonotonicInstant.Now(time);
            if (unanswered >= AwayAfter && now < nextProbe)
            {
                return (null, $"the system does not answer: {lastTrouble}");
            }

            if (pausedUntil > now)
            {
                var rest = pausedUntil - now;
                return rest > MostPause ? (null, $"the system asks for a pause of {rest.TotalSeconds:0} s more") : (rest, null);
            }

            if (budget.Free(now) <= 0)
            {
                return (BudgetLook, null);
            }

            // While it is away one question at a time tries.
            nextProbe = unanswered >= AwayAfter ? now + ProbeInterval : nextProbe;
            budget.Reserve();
            return (null, null);
        }
    }

    MonotonicInstant Over()
    {
        var now = MonotonicInstant.Now(time);
        budget.Complete(now);
        return now;
    }

    void Learn(RateReading? rates, MonotonicInstant now)
    {
        if (rates is null)
        {
            return;
        }

        if (rates.Rules.Count > 0)
        {
            learned = RateRules.After(learned, rates);
            budget.Learn([.. learned.Select(rule => rule with { Limit = asking.Of(rule.Limit) })]);
        }

        // What is left is for the calls: they are not kept waiting by questions.
        foreach (var quota in rates.Quotas)
        {
            Pause(quota.Remaining <= 0 ? quota.Reset ?? options.RateWindow : null, now);
        }
    }

    void Pause(TimeSpan? pause, MonotonicInstant now)
    {
        if (pause is { } length)
        {
            pausedUntil = MonotonicInstant.Later(pausedUntil, now + (length < RetryAfter.Longest ? length : RetryAfter.Longest));
        }
    }
}
