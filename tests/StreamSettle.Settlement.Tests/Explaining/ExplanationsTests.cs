using StreamSettle.Settlement.Explaining;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Tests.Explaining;

public class ExplanationsTests
{
    const string Rules = """
        "taxes": [{"when": {"country": "DE"}, "ratePpm": 190000, "mode": "INCLUDED", "base": "GOODS", "rounding": "HALF_UP"}],
        "logistics": [{"when": {}, "basis": "SHIPPING", "ratePpm": 900000, "fixed": {"EUR": 35}}],
        "fees": [{"when": {"tier": "STANDARD", "currency": "EUR"}, "ratePpm": 52500, "fixed": {"EUR": 30}, "min": {"EUR": 50}, "max": {"EUR": 400}}],
        "commissions": [{"when": {}, "levels": [{"ratePpm": 30000, "cap": {"EUR": 200}}, {"ratePpm": 100000}], "fundedBy": "PLATFORM"}]
        """;

    static readonly TestOrder Order = new() { Gross = "105.00", Shipping = "5.00", Carrier = 7, Promoter = 1 };

    [Fact]
    public void Every_line_says_rate_base_rounding_limits_and_rule() =>
        Assert.Equal(
            [
                "19 % included in 100.00 EUR goods, HALF_UP (rule: country=DE)",
                "90 % of 5.00 EUR shipping, HALF_EVEN, plus 0.35 EUR (rule: every order)",
                "5.25 % of 89.03 EUR net after tax, HALF_EVEN, plus 0.30 EUR, at least 0.50 EUR, at most 4.00 EUR, less 2.00 EUR commissions (rule: tier=STANDARD, currency=EUR)",
                "level 1: 3 % of 84.03 EUR goods after tax, DOWN, at most 2.00 EUR (rule: every order)",
                "what is left of 105.00 EUR net",
            ],
            Explain(Order, Rules, Promoters.Chain(1)));

    [Fact]
    public void Levels_that_share_a_limit_say_so() =>
        Assert.Equal(
            "level 2: 10 % of 84.03 EUR goods after tax, DOWN, 8.40 EUR brought down as all levels share the 4.00 EUR fee (rule: every order)",
            Explain(Order, Rules, Promoters.Chain(1, 2))[3]);

    [Fact]
    public void What_took_all_that_was_left_says_so() =>
        Assert.Equal(
            [
                "0 % of 9 JPY net, HALF_EVEN, plus 50 JPY, at most the 9 JPY left (rule: every order)",
                "what is left of 9 JPY net",
            ],
            Explain(new() { Currency = "JPY", Gross = "9", Carrier = 7 }, """
                "logistics": [{"when": {}, "basis": "NET", "ratePpm": 0, "fixed": {"JPY": 50}}]
                """, Promoters.None));

    [Fact]
    public void Other_facts_than_those_of_the_settlement_are_not_explained()
    {
        var book = RuleBooks.With(Rules);
        var settled = Assert.IsType<Settled>(Order.Settle(book));
        var other = Order with { Gross = "105.01" };

        Assert.Throws<ArgumentException>(() => Explanations.Of(book, other.Facts, other.MerchantFacts, Promoters.None, settled));
        Assert.Throws<ArgumentException>(() => Explanations.Of(book, Order.Facts, Order.MerchantFacts, Promoters.None, settled with { RuleVersion = "2" }));
    }

    static string[] Explain(TestOrder order, string rules, Promoters promoters)
    {
        var book = RuleBooks.With(rules);
        var settled = Assert.IsType<Settled>(order.Settle(book, promoters));
        return [.. Explanations.Of(book, order.Facts, order.MerchantFacts, promoters, settled)];
    }
}
