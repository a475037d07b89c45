using System.Globalization;
using System.Text;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Answers;

/// <summary>Reads the dates of headers: the three forms of RFC 9110, and ISO 8601, which some systems send instead.</summary>
internal static class HttpDate
{
    // IMF-fixdate, RFC 850 and asctime, without their week days, which say nothing that the date does not.
    static readonly string[] Forms = ["d MMM yyyy HH:mm:ss", "d-MMM-yy HH:mm:ss", "d-MMM-yyyy HH:mm:ss", "MMM d HH:mm:ss yyyy"];
    static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    static readonly string[] Zones = [" GMT", " UTC", " +0000"];

    internal static UtcInstant? Parse(ReadOnlySpan<char> text)
    {
        var value = text.Trim();
        if (value.Length is < 8 or > 64)
        {
            return null;
        }

        if (Ascii.IsValid(value) && UtcInstant.TryParse(value.ToString(), out var instant))
        {
            return instant;
        }

        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParseExact(WithoutZone(WithoutDay(value)), Forms, CultureInfo.InvariantCulture, Style, out var date) ? UtcInstant.From(date) : null;
    }

    /// <summary>Whether the text is a day of the week, long or short: what stands before the comma of a date.</summary>
    internal static bool IsDay(ReadOnlySpan<char> text)
    {
        var word = text.Trim();
        foreach (var day in Days)
        {
            if (word.StartsWith(day, StringComparison.OrdinalIgnoreCase) && (word.Length == day.Length || word.EndsWith("day", StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    static ReadOnlySpan<char> WithoutDay(ReadOnlySpan<char> value)
    {
        var end = value.IndexOfAny(',', ' ');
        return end > 0 && IsDay(value[..end]) ? value[(end + 1)..].TrimStart() : value;
    }

    static ReadOnlySpan<char> WithoutZone(ReadOnlySpan<char> value)
    {
        foreach (var zone in Zones)
        {
            if (value.EndsWith(zone, StringComparison.OrdinalIgnoreCase))
            {
                return value[..^zone.Length];
            }
        }

        return value;
    }
}
