using System.Numerics;
using CsCheck;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Refunds;
using StreamSettle.Settlement.Tests.Calculation;

namespace StreamSettle.Settlement.Tests.Refunds;

public class ReversalsTests
{
    static readonly Currency Euro = Currency.TryParse("EUR", out var euro) ? euro : default;

    [Fact]
    public void A_refund_is_shared_by_what_each_line_still_holds_and_ties_go_to_the_earlier()
    {
        var reversed = Reversed("0.04", [30, 30, 30]);

        Assert.Equal([2, 1, 1], reversed.Parts);
        Assert.Equal((4, 4, 0), (reversed.Refunded, reversed.Increase, reversed.Uncovered));
    }

    [Theory]
    [InlineData("0.50")]
    [InlineData("0.49")]
    [InlineData("0")]
    public void Without_an_increase_over_the_greatest_so_far_nothing_happens(string refunded) =>
        Assert.Same(RefundDecision.Unchanged.Instance, Reversals.Decide(Euro, 100, 50, Amounts.Of(refunded), [50]));

    [Theory]
    [InlineData("-0.01")]
    [InlineData("0.505")]
    [InlineData("1.01")]
    [InlineData("NaN")]
    [InlineData("99999999999999999999999999999999999999")]
    public void A_refund_that_the_settled_gross_does_not_allow_is_refused(string refunded) =>
        Assert.Equal(new RefundDecision.Refused("bad_amount"), Reversals.Decide(Euro, 100, 50, Amounts.Of(refunded), [50]));

    [Fact]
    public void What_discarded_legs_took_with_them_is_reversed_as_far_as_the_lines_hold()
    {
        var reversed = Reversed("1.00", [0, 30, 20]);

        Assert.Equal([0, 30, 20], reversed.Parts);
        Assert.Equal(50, reversed.Uncovered);
    }

    [Fact]
    public void Lines_that_hold_nothing_at_all_leave_the_whole_refund_uncovered()
    {
        var reversed = Reversed("1.00", [0, 0]);

        Assert.Equal([0, 0], reversed.Parts);
        Assert.Equal(100, reversed.Uncovered);
    }

    [Fact]
    public void A_line_that_holds_less_than_nothing_stops_the_process() =>
        Assert.Throws<BrokenInvariantException>(() => Reversals.Share(1, [5, -1], new long[2]));

    [Fact]
    public void No_line_is_ever_reversed_beyond_what_it_got() =>
        Gen.Select(Any.Amount().Array[1, 40], Any.Amount()).Sample((held, amount) =>
        {
            var parts = new long[held.Length];

            var shared = Reversals.Share(amount, held, parts);

            var total = held.Aggregate(BigInteger.Zero, (sum, line) => sum + line);
            Assert.Equal(BigInteger.Min(total, amount), shared);
            Assert.Equal(shared, parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part));
            Assert.All(held.Zip(parts), pair => Assert.InRange(pair.Second, 0, pair.First));
            if (total > amount)
            {
                Assert.Equal(Model.Share(amount, [.. held.Select(line => (BigInteger)line)]), parts.Select(part => (BigInteger)part));
            }
        });

    [Fact]
    public void Whatever_the_steps_all_of_it_comes_back_in_the_end() =>
        Gen.Select(Gen.Long[0, 1000].Array[1, 8], Gen.Long[1, 200].Array[1, 20]).Sample((lines, steps) =>
        {
            var (held, net) = (lines.ToArray(), lines.Sum());
            foreach (var step in steps.Append(net))
            {
                var parts = new long[held.Length];
                Reversals.Share(Math.Min(step, held.Sum()), held, parts);
                held = [.. held.Zip(parts, (line, part) => line - part)];
            }

            Assert.All(held, line => Assert.Equal(0, line));
        });

    static RefundDecision.Reversed Reversed(string refunded, long[] held) =>
        Assert.IsType<RefundDecision.Reversed>(Reversals.Decide(Euro, 100, 0, Amounts.Of(refunded), held));
}
