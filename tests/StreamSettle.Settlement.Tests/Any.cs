using CsCheck;

namespace StreamSettle.Settlement.Tests;

/// <summary>Generators that the property tests share.</summary>
static class Any
{
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Amounts with edges: small ones, where fractions matter, and those near 63 bits, where products overflow.</summary>
    public static Gen<long> Amount(long min = 0) => Gen.OneOf(
        Gen.Long[min, min + 20],
        Gen.Long[min, 1_000_000],
        Gen.Long[min, long.MaxValue],
        Gen.Long[long.MaxValue - 20, long.MaxValue]);

    /// <summary>From 0 to <paramref name="limit"/>, both often.</summary>
    public static Gen<long> UpTo(long limit) => Gen.OneOf(Gen.Const(0L), Gen.Const(limit), Gen.Long[0, limit], Gen.Long[0, Math.Min(limit, 20)]);
}
