using System.Numerics;
using CsCheck;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Tests.Calculation;

public class RoundingTests
{
    [Theory]
    [InlineData(Rounding.HalfUp, 0, 1, 2, 3)]
    [InlineData(Rounding.HalfEven, 0, 0, 2, 2)]
    [InlineData(Rounding.Down, 0, 0, 1, 2)]
    [InlineData(Rounding.Up, 1, 1, 2, 3)]
    public void Each_mode_rounds_quarters_and_halves_its_own_way(Rounding mode, long quarter, long half, long oneAndAHalf, long twoAndAHalf)
    {
        Assert.Equal(quarter, Exact.Share(1, 1, 4, mode));
        Assert.Equal(half, Exact.Share(1, 1, 2, mode));
        Assert.Equal(oneAndAHalf, Exact.Share(3, 1, 2, mode));
        Assert.Equal(twoAndAHalf, Exact.Share(5, 1, 2, mode));
    }

    [Theory]
    [InlineData(Rounding.HalfUp)]
    [InlineData(Rounding.HalfEven)]
    [InlineData(Rounding.Down)]
    [InlineData(Rounding.Up)]
    public void The_whole_of_the_greatest_amount_is_itself(Rounding mode)
    {
        Assert.Equal(long.MaxValue, Exact.Rate(long.MaxValue, 1_000_000, mode));
        Assert.Equal(long.MaxValue, Exact.Share(long.MaxValue, long.MaxValue, long.MaxValue, mode));
        Assert.Equal(0, Exact.Rate(long.MaxValue, 0, mode));
    }

    [Fact]
    public void Every_share_is_that_of_unbounded_integers() =>
        Gen.Select(Any.Amount(), Any.Amount(1), Any.Of(Enum.GetValues<Rounding>()))
            .SelectMany((a, divisor, mode) => Any.UpTo(divisor).Select(b => (a, b, divisor, mode)))
            .Sample(c => Assert.Equal(Model.Round((BigInteger)c.a * c.b, c.divisor, c.mode), Exact.Share(c.a, c.b, c.divisor, c.mode)));

    [Fact]
    public void Every_rate_is_that_of_unbounded_integers() =>
        Gen.Select(Any.Amount(), Gen.Int[0, 1_000_000], Any.Of(Enum.GetValues<Rounding>())).Sample((amount, rate, mode) =>
        {
            Assert.Equal(Model.Round((BigInteger)amount * rate, 1_000_000, mode), Exact.Rate(amount, rate, mode));
            Assert.Equal(Model.Round((BigInteger)amount * rate, 1_000_000 + rate, mode), Exact.IncludedRate(amount, rate, mode));
        });
}
