using System.Globalization;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Answers;

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date.</summary>
internal static class RetryAfter
{
    /// <summary>What is longer is taken as this long.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // The three forms of RFC 9110: IMF-fixdate, RFC 850, asctime.
    static readonly string[] DateForms = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>How long to wait from <paramref name="now"/>, never negative; null when it is neither form.</summary>
    internal static TimeSpan? Parse(string? text, UtcInstant now)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var value = text.Trim();
        if (decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return Bounded(seconds);
        }

        if (IsLongNumber(value))
        {
            return Longest;
        }

        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite;
        return DateTimeOffset.TryParseExact(value, DateForms, CultureInfo.InvariantCulture, Style, out var date)
            ? Bounded((decimal)(UtcInstant.From(date) - now).TotalSeconds)
            : null;
    }

    internal static TimeSpan Bounded(decimal seconds) =>
        seconds <= 0 ? TimeSpan.Zero : seconds >= (decimal)Longest.TotalSeconds ? Longest : TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));

    static bool IsLongNumber(string value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
