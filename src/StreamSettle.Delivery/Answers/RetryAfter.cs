using System.Globalization;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Answers;

/// <summary>Reads <c>Retry-After</c>: seconds or a date; of several the latest.</summary>
internal static class RetryAfter
{
    /// <summary>What is longer is taken as this long.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Most characters read, so that a hostile header costs nothing.</summary>
    const int MaxLength = 1_024;

    /// <summary>How long to wait from <paramref name="now"/>, never negative; null when nothing of it can be read.</summary>
    /// <param name="text">The header's values, as <see cref="AnswerHeaders"/> joins them.</param>
    /// <param name="now">The clock of whoever wrote the date.</param>
    internal static TimeSpan? Parse(string? text, UtcInstant now)
    {
        TimeSpan? latest = null;
        if (text is null || text.Length > MaxLength)
        {
            return latest;
        }

        foreach (var line in text.Split(AnswerHeaders.Separator))
        {
            foreach (var value in HeaderValues.Of(line))
            {
                var one = ParseOne(value, now);
                latest = latest is null || one > latest ? one ?? latest : latest;
            }
        }

        return latest;
    }

    internal static TimeSpan Bounded(decimal seconds) =>
        seconds <= 0 ? TimeSpan.Zero : seconds >= (decimal)Longest.TotalSeconds ? Longest : TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));

    static TimeSpan? ParseOne(string value, UtcInstant now) =>
        decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? Bounded(seconds)
        : IsLongNumber(value) ? Longest
        : HttpDate.Parse(value) is { } date ? Bounded((decimal)(date - now).TotalSeconds)
        : null;

    static bool IsLongNumber(string value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return value.Length > 0;
    }
}
