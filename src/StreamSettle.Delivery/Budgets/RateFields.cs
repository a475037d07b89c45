using System.Globalization;

namespace StreamSettle.Delivery.Budgets;

/// <summary>As much of structured fields (RFC 9651) as the rate limit headers use: a list of items with parameters.</summary>
internal static class RateFields
{
    /// <summary>Most characters read of a header, so that a hostile one costs nothing.</summary>
    const int MaxLength = 1_024;

    /// <summary>The items of a list, each with its parameters behind it; never an empty one.</summary>
    internal static IEnumerable<string[]> Items(string? field)
    {
        if (string.IsNullOrEmpty(field) || field.Length > MaxLength)
        {
            yield break;
        }

        foreach (var item in Split(field, ','))
        {
            var parts = Split(item, ';').ToArray();
            if (parts is [{ Length: > 0 }, ..])
            {
                yield return parts;
            }
        }
    }

    /// <summary>The first item of a list without its parameters: <c>100</c> of <c>100, 100;w=60</c>.</summary>
    internal static string? FirstItem(string? field) => Items(field).FirstOrDefault()?[0];

    internal static (string Name, string Value) Pair(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at].Trim().ToLowerInvariant(), text[(at + 1)..].Trim());
    }

    /// <summary>The number of a parameter, or null.</summary>
    internal static decimal? Parameter(string[] item, string name) => Number(Text(item, name));

    /// <summary>The text of a parameter without quotes, or null.</summary>
    internal static string? Text(string[] item, string name)
    {
        for (var i = 1; i < item.Length; i++)
        {
            var (key, value) = Pair(item[i]);
            if (key == name)
            {
                return value.Trim('"');
            }
        }

        return null;
    }

    internal static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;

    // A separator inside of quotes separates nothing.
    static IEnumerable<string> Split(string text, char separator)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '"';
            if (text[i] == separator && !quoted)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }
}
