namespace StreamSettle.Delivery.Budgets.Fields;

/// <summary>A bare item of a structured field.</summary>
/// <param name="Number">Its number; where it is text in quotes that is one, that. Null where it is none.</param>
/// <param name="Text">As written, without quotes.</param>
/// <param name="IsQuoted">It stood in quotes: what it says as a number is a guess.</param>
internal readonly record struct FieldValue(decimal? Number, string Text, bool IsQuoted = false)
{
    /// <summary>What a parameter without a value has.</summary>
    internal static FieldValue Present { get; } = new(null, "");

    internal static FieldValue Quoted(string text) => new(NumberOf(text.Trim()), text, IsQuoted: true);

    internal static FieldValue Bare(string text) => new(NumberOf(text), text);

    /// <summary>Digits with a sign and a fraction perhaps, of any length: what is beyond every number of ours is the greatest or least of ours.</summary>
    internal static decimal? NumberOf(ReadOnlySpan<char> text)
    {
        var sign = text is ['-' or '+', ..] ? 1 : 0;
        var (digits, points) = (0, 0);
        foreach (var c in text[sign..])
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            points += c == '.' ? 1 : 0;
        }

        if (digits == 0 || points > 1 || digits + points != text.Length - sign || text[sign] == '.' || text[^1] == '.')
        {
            return null;
        }

        const System.Globalization.NumberStyles Style = System.Globalization.NumberStyles.AllowLeadingSign | System.Globalization.NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Style, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value
            : text[0] == '-' ? decimal.MinValue : decimal.MaxValue;
    }
}
