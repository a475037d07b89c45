using System.Globalization;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Audit.History;

/// <summary>Minor units as people read them.</summary>
public static class MoneyText
{
    /// <summary><c>1234</c> of EUR is <c>12.34 EUR</c>, of JPY <c>1234 JPY</c>; a currency that is not known keeps its minor units and says so.</summary>
    public static string Format(long minor, string currencyCode)
    {
        if (!Currency.TryParse(currencyCode, out var currency))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{minor} minor units {currencyCode}").TrimEnd();
        }

        // Int128, because the smallest long has no positive counterpart.
        var digits = Int128.Abs(minor).ToString(CultureInfo.InvariantCulture).PadLeft(currency.Digits + 1, '0');
        var sign = minor < 0 ? "-" : "";
        return currency.Digits == 0 ? $"{sign}{digits} {currencyCode}" : $"{sign}{digits[..^currency.Digits]}.{digits[^currency.Digits..]} {currencyCode}";
    }
}
