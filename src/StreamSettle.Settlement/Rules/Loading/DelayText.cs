using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads a delay: ISO 8601 <c>PnW</c> or <c>PnDTnHnMnS</c>, a day being 24 h, fractions of a second to the microsecond, at most <see cref="MaxDays"/> days.</summary>
internal static class DelayText
{
    public const int MaxDays = 366;

    const int FractionDigits = 6;

    static readonly BigInteger MicrosecondsPerSecond = 1_000_000;
    static readonly BigInteger MaxMicroseconds = MaxDays * 86_400 * MicrosecondsPerSecond;

    static readonly Regex Form = new(
        @"\AP(?:(?<w>[0-9]+)W|(?=[0-9T])(?:(?<d>[0-9]+)D)?(?:T(?=[0-9])(?:(?<h>[0-9]+)H)?(?:(?<m>[0-9]+)M)?(?:(?<s>[0-9]+)(?:\.(?<f>[0-9]+))?S)?)?)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public static TimeSpan Read(JsonPlace place)
    {
        if (place.Text() is not { } text)
        {
            return TimeSpan.Zero;
        }

        var match = Form.Match(text);
        var fraction = match.Groups["f"].Value.TrimEnd('0');
        if (!match.Success || fraction.Length > FractionDigits)
        {
            place.Refuse($"must be a duration PnW or PnDTnHnMnS, at most microseconds (PT24H), but is '{text}'");
            return TimeSpan.Zero;
        }

        var hours = (Number(match, "w") * 7 + Number(match, "d")) * 24 + Number(match, "h");
        var seconds = (hours * 60 + Number(match, "m")) * 60 + Number(match, "s");
        var micros = seconds * MicrosecondsPerSecond + int.Parse(fraction.PadRight(FractionDigits, '0'), CultureInfo.InvariantCulture);
        if (micros > MaxMicroseconds)
        {
            place.Refuse($"must be at most {MaxDays} days, but is '{text}'");
            return TimeSpan.Zero;
        }

        return TimeSpan.FromMicroseconds((long)micros);
    }

    static BigInteger Number(Match match, string group) =>
        match.Groups[group].Success ? BigInteger.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture) : BigInteger.Zero;
}
