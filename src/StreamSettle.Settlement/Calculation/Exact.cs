using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Calculation;

/// <summary>Rationals of amounts, rounded once. Products are exact: two factors of 63 bits make 126.</summary>
internal static class Exact
{
    /// <summary>Parts per million in one.</summary>
    public const long Million = 1_000_000;

    /// <summary><c>round(a * b / divisor)</c> for <paramref name="a"/>, <paramref name="b"/> at least 0 and <c>b &lt;= divisor</c>, so that the result is at most <paramref name="a"/>.</summary>
    public static long Share(long a, long b, long divisor, Rounding rounding)
    {
        // UInt128 divides in one instruction while both sides fit in 64 bits, which all but absurd orders do.
        var product = (UInt128)(ulong)a * (ulong)b;
        var quotient = (ulong)(product / (ulong)divisor);
        var rest = (ulong)(product - (UInt128)quotient * (ulong)divisor);
        return (long)(RoundsUp(quotient, rest, (ulong)divisor, rounding) ? quotient + 1 : quotient);
    }

    /// <summary><c>round(amount * rate)</c>.</summary>
    public static long Rate(long amount, int ratePpm, Rounding rounding) => Share(amount, ratePpm, Million, rounding);

    /// <summary><c>round(amount * rate / (1 + rate))</c>: what of an amount is a rate that is part of it already.</summary>
    public static long IncludedRate(long amount, int ratePpm, Rounding rounding) => Share(amount, ratePpm, Million + ratePpm, rounding);

    // rest and divisor - rest are compared, not 2 * rest and divisor: the double might not fit.
    static bool RoundsUp(ulong quotient, ulong rest, ulong divisor, Rounding rounding) => rounding switch
    {
        Rounding.HalfUp => rest >= divisor - rest,
        Rounding.HalfEven => rest > divisor - rest || (rest == divisor - rest && (quotient & 1) != 0),
        Rounding.Down => false,
        Rounding.Up => rest != 0,
        _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "no such rounding"),
    };
}
