using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamSettle.Sandbox.Auditing.Rules;

/// <summary><c>PnW</c> or <c>PnDTnHnMnS</c>, a day being 24 hours, to the microsecond.</summary>
internal static partial class IsoDuration
{
    public static TimeSpan Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.EndsWith('T') || text == "P")
        {
            throw new FormatException($"'{text}' is no ISO 8601 duration of weeks, or of days, hours, minutes and seconds");
        }

        decimal Part(string name) => match.Groups[name].Success ? decimal.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var seconds = ((Part("w") * 7 + Part("d")) * 24 + Part("h")) * 3600 + Part("m") * 60 + Part("s");
        return TimeSpan.FromMicroseconds((long)(seconds * 1_000_000));
    }

    [GeneratedRegex(@"^P(?:(?<w>\d+)W|(?:(?<d>\d+)D)?(?:T(?:(?<h>\d+)H)?(?:(?<m>\d+)M)?(?:(?<s>\d+(?:\.\d{1,6})?)S)?)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
