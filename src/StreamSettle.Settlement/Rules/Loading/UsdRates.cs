using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads <c>usdRates</c>, USD for one unit of a currency, and turns each into a limit in minor units: what is decided for every order is then one comparison, and exact.</summary>
internal static class UsdRates
{
    const long PriorityUsd = 10_000;

    static readonly Regex Form = new(@"\A(?<whole>[0-9]+)(?:\.(?<fraction>[0-9]+))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>By currency the greatest amount that is not yet above 10,000 USD.</summary>
    public static CurrencyAmounts ReadPriorityLimits(JsonPlace? place)
    {
        _ = Currency.TryParse("USD"u8, out var usd);
        var limits = new Dictionary<Currency, long> { [usd] = Limit(usd, 1, 0) };
        var members = place is { } there ? JsonMembers.Open(there) : null;
        foreach (var (code, value) in members?.All ?? [])
        {
            if (value.CurrencyOf(code) is not { } currency)
            {
                continue;
            }

            if (currency == usd)
            {
                value.Refuse("must not be listed: it is 1");
            }
            else if (ReadLimit(currency, value) is { } limit)
            {
                limits[currency] = limit;
            }
        }

        return new(limits);
    }

    static long? ReadLimit(Currency currency, JsonPlace value)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }

        var match = Form.Match(text);
        var fraction = match.Groups["fraction"].Value;
        if (!match.Success || BigInteger.Parse(match.Groups["whole"].Value + fraction, NumberStyles.None, CultureInfo.InvariantCulture) is var digits && digits.IsZero)
        {
            value.Refuse($"must be a decimal above 0 ('1.08'), but is '{text}'");
            return null;
        }

        return Limit(currency, digits, fraction.Length);
    }

    // net / 10^digits * unscaled / 10^scale > 10000  <=>  net > floor(10000 * 10^(digits + scale) / unscaled)
    static long Limit(Currency currency, BigInteger unscaled, int scale)
    {
        var limit = PriorityUsd * BigInteger.Pow(10, currency.Digits + scale) / unscaled;
        return (long)BigInteger.Min(limit, long.MaxValue);
    }
}
