using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Minor units as amounts that can be compared across currencies: <c>12.34</c> for 1234 of EUR, <c>1234</c> for 1234 of JPY.</summary>
internal static class Amounts
{
    /// <exception cref="CorruptStateException">The currency's digits are not known: an amount in it is not known either.</exception>
    public static int Digits(string currency) => Currency.TryParse(currency, out var known)
        ? known.Digits
        : throw new CorruptStateException($"the currency '{currency}' is not one that this release knows");

    /// <summary>Exact.</summary>
    public static decimal Of(decimal minor, int digits)
    {
        for (; digits > 0; digits--)
        {
            minor /= 10;
        }

        return minor;
    }
}
