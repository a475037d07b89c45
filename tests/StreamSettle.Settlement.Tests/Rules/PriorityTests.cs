using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Tests.Rules;

public class PriorityTests
{
    [Theory]
    [InlineData("USD", "10000.00", false)]
    [InlineData("USD", "10000.01", true)]
    [InlineData("EUR", "3000.00", false)]
    [InlineData("EUR", "3000.01", true)]
    [InlineData("JPY", "1492537", false)]
    [InlineData("JPY", "1492538", true)]
    [InlineData("CLF", "0.0001", true)]
    [InlineData("GBP", "92233720368547758.07", false)]
    [InlineData("CHF", "92233720368547758.07", false)]
    public void An_order_above_ten_thousand_dollars_goes_first(string currency, string gross, bool priority)
    {
        // 10000 / 3.3333... has no end: the limit is exact because it is a whole number of cents. CHF's rate is too small for any order.
        var book = RuleBooks.With("""
            "usdRates": {"EUR": "3.3333333333333333333333333333333333333333", "JPY": "0.0067", "CLF": "100000001", "CHF": "0.0000000000000000000001"}
            """);

        Assert.Equal(priority, Assert.IsType<Settled>(new TestOrder { Currency = currency, Gross = gross }.Settle(book)).Priority);
    }

    [Theory]
    [InlineData("KA", true)]
    [InlineData("ka", false)]
    [InlineData("STANDARD", false)]
    [InlineData(null, false)]
    public void A_key_account_always_goes_first(string? tier, bool priority) =>
        Assert.Equal(priority, Assert.IsType<Settled>(new TestOrder { Tier = tier }.Settle(RuleBooks.With(""))).Priority);

    [Theory]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("0")]
    [InlineData("0.000")]
    public void A_rate_that_is_no_decimal_above_zero_is_refused(string rate) =>
        Assert.Equal(["a.json $.usdRates.EUR"], RuleBooks.Problems(RuleBooks.Set($$"""
            "usdRates": {"EUR": "{{rate}}"}
            """)));
}
