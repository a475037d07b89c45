using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets.Fields;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>The numbers of rate headers as requests, windows and times.</summary>
internal static class RateNumbers
{
    // Above what any system bears, and far enough below the overflow to count from: some say 2^64-1 for "no limit".
    const long MostRequests = long.MaxValue / 2;

    // Above this a reset is a second of the epoch, not seconds from now: 31 years from now, or September 2001. The same in finer units.
    const decimal FirstEpochSecond = 1e9m;
    const decimal Finer = 1_000m;
    const decimal PerMillisecond = FirstEpochSecond * Finer;
    const decimal PerMicrosecond = PerMillisecond * Finer;
    const decimal PerNanosecond = PerMicrosecond * Finer;

    /// <summary>Whole requests, rounded down.</summary>
    internal static long Requests(decimal number) => number >= MostRequests ? MostRequests : (long)Math.Max(0, decimal.Truncate(number));

    /// <summary>A window, rounded up to the microsecond; null for what is none.</summary>
    internal static TimeSpan? Window(decimal seconds) => seconds > 0 ? Span(seconds) : null;

    /// <summary>From now on, never negative: seconds, an instant of the epoch, or a date; null for what is none of them.</summary>
    internal static TimeSpan? Reset(string text, UtcInstant now) =>
        FieldValue.NumberOf(text) is { } number ? Reset(number, now)
        : HttpDate.Parse(text) is { } date ? Span((date - now).Ticks / (decimal)TimeSpan.TicksPerSecond)
        : null;

    /// <inheritdoc cref="Reset(string, UtcInstant)"/>
    internal static TimeSpan Reset(decimal number, UtcInstant now)
    {
        if (number < FirstEpochSecond)
        {
            return Span(number);
        }

        var second = number >= PerNanosecond ? number / (Finer * Finer * Finer) : number >= PerMicrosecond ? number / (Finer * Finer) : number >= PerMillisecond ? number / Finer : number;
        return Span(second - now.Microseconds / (Finer * Finer));
    }

    static TimeSpan Span(decimal seconds) =>
        seconds <= 0 ? TimeSpan.Zero
        : seconds >= (decimal)SlidingBudget.LongestWindow.TotalSeconds ? SlidingBudget.LongestWindow
        : TimeSpan.FromMicroseconds((long)Math.Ceiling(seconds * Finer * Finer));
}
