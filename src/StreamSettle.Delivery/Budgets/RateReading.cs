using StreamSettle.Delivery.Answers;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>A limit of requests per window; without a window the configured one counts.</summary>
internal readonly record struct RateRule(long Limit, TimeSpan? Window);

/// <summary>What an answer's headers say about the system's budget.</summary>
/// <param name="Rules">Limits, every one of which holds; empty where the answer names none.</param>
/// <param name="Remaining">Requests left as the system counts; null where it does not say.</param>
/// <param name="ResetAt">When <paramref name="Remaining"/> is full again; null where it does not say.</param>
internal sealed record RateReading(IReadOnlyList<RateRule> Rules, long? Remaining, UtcInstant? ResetAt)
{
    /// <summary>An answer that says nothing.</summary>
    internal static RateReading Nothing { get; } = new([], null, null);

    /// <summary>Longest that a reset is believed.</summary>
    internal static readonly TimeSpan LongestReset = RetryAfter.Longest;

    // Above this a reset is a second of the epoch, not seconds from now: 31 years from now, or September 2001.
    const decimal FirstEpochSecond = 1_000_000_000m;
    const decimal FirstEpochMillisecond = 1_000_000_000_000m;

    // Above what any system bears, and far enough below the overflow to count from: some say 2^64-1 for "no limit".
    const long MostRequests = long.MaxValue / 2;

    /// <summary>Reads every spelling that is known; what is malformed or not positive is taken as not there.</summary>
    internal static RateReading Read(AnswerHeaders headers, UtcInstant now)
    {
        if (ReferenceEquals(headers, AnswerHeaders.None))
        {
            return Nothing;
        }

        var rules = new List<RateRule>();
        var state = ReadRateLimit(headers.RateLimit, rules);
        ReadPolicy(headers.RateLimitPolicy, rules);
        var limit = RateFields.Number(RateFields.FirstItem(headers.Limit));
        if (limit is >= 1 && rules.Count == 0)
        {
            rules.Add(new(Requests(limit.Value), null));
        }

        var remaining = state.Remaining ?? RateFields.Number(RateFields.FirstItem(headers.Remaining));
        var reset = state.Reset ?? RateFields.Number(RateFields.FirstItem(headers.Reset));
        return new(rules, remaining is null ? null : Requests(remaining.Value), reset is null ? null : Instant(reset.Value, now));
    }

    /// <summary><c>limit=100, remaining=50, reset=30</c>, or <c>"p";r=50;t=30</c> where the least of several policies counts.</summary>
    static (decimal? Remaining, decimal? Reset) ReadRateLimit(string? field, List<RateRule> rules)
    {
        (decimal? Remaining, decimal? Reset) state = default;
        foreach (var item in RateFields.Items(field))
        {
            var (name, value) = RateFields.Pair(item[0]);
            switch (name)
            {
                case "limit":
                    AddRule(rules, RateFields.Number(value), null);
                    break;
                case "remaining":
                    state.Remaining = RateFields.Number(value);
                    break;
                case "reset":
                    state.Reset = RateFields.Number(value);
                    break;
                default:
                    var left = RateFields.Parameter(item, "r");
                    if (left is not null && (state.Remaining is null || left < state.Remaining))
                    {
                        state = (left, RateFields.Parameter(item, "t"));
                    }

                    break;
            }
        }

        return state;
    }

    /// <summary><c>100;w=60</c>, or <c>"p";q=100;w=60</c>; policies that count something else than requests are none of ours.</summary>
    static void ReadPolicy(string? field, List<RateRule> rules)
    {
        var policies = new List<RateRule>();
        foreach (var item in RateFields.Items(field))
        {
            if (RateFields.Text(item, "qu") is null or "requests")
            {
                var quota = RateFields.Parameter(item, "q") ?? RateFields.Number(item[0]);
                AddRule(policies, quota, RateFields.Parameter(item, "w"));
            }
        }

        if (policies.Count > 0)
        {
            // The policy says the window, which the other spelling leaves open.
            rules.RemoveAll(rule => rule.Window is null && policies.Exists(policy => policy.Limit == rule.Limit && policy.Window is not null));
            rules.AddRange(policies);
        }
    }

    static void AddRule(List<RateRule> rules, decimal? limit, decimal? windowSeconds)
    {
        if (limit is >= 1)
        {
            var window = windowSeconds is > 0 ? TimeSpan.FromSeconds((double)Math.Min(windowSeconds.Value, (decimal)SlidingBudget.LongestWindow.TotalSeconds)) : (TimeSpan?)null;
            rules.Add(new(Requests(limit.Value), window));
        }
    }

    static long Requests(decimal number) => (long)Math.Clamp(number, 0, MostRequests);

    static UtcInstant Instant(decimal reset, UtcInstant now)
    {
        var seconds = reset >= FirstEpochMillisecond ? reset / 1000 - now.Microseconds / 1_000_000m
            : reset >= FirstEpochSecond ? reset - now.Microseconds / 1_000_000m
            : reset;
        return now + RetryAfter.Bounded(seconds);
    }
}
