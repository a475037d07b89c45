using CsCheck;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Tests.Rules;

public class RuleTableTests
{
    static readonly string?[] Texts = [null, "", "A", "B", "BB", "Ä"];
    static readonly Currency?[] Currencies = [null, Of("EUR"), Of("JPY")];

    static readonly Gen<RuleWhen> Whens =
        from merchant in Gen.OneOf(Gen.Const(default(long?)), Gen.Long[1, 3].Select(id => (long?)id))
        from category in Any.Of(Texts)
        from tier in Any.Of(Texts)
        from country in Any.Of(Texts)
        from currency in Any.Of(Currencies)
        select new RuleWhen(merchant, category, tier, country, currency);

    static readonly Gen<TestOrder> Orders =
        from merchant in Gen.Long[1, 4]
        from category in Any.Of(Texts)
        from tier in Any.Of(Texts)
        from country in Any.Of("", "A", "B", "C")
        from currency in Any.Of("EUR", "JPY", "USD")
        select new TestOrder { Merchant = merchant, Category = category, Tier = tier, Country = country, Currency = currency };

    [Fact]
    public void The_match_with_the_greatest_sum_of_weights_wins() =>
        Gen.Select(Whens.Array[0, 12], Orders).Sample((whens, order) =>
        {
            var names = new RuleNames();
            var rules = whens.Distinct().Select(when => new Rule<string>(when, when.ToString())).ToArray();
            var table = new RuleTable<string>(rules, names);

            var found = table.Find(names.KeyOf(order.Facts, order.MerchantFacts, Of(order.Currency)));

            Assert.Equal(rules.Where(rule => Matches(rule.When, order)).MaxBy(rule => Weight(rule.When)), found);
        });

    static bool Matches(RuleWhen when, TestOrder order) =>
        (when.MerchantId is null || when.MerchantId == order.Merchant)
        && (when.Category is null || when.Category == order.Category)
        && (when.Tier is null || when.Tier == order.Tier)
        && (when.Country is null || when.Country == order.Country)
        && (when.Currency is null || when.Currency == Of(order.Currency));

    static int Weight(RuleWhen when) =>
        (when.MerchantId is null ? 0 : 16) + (when.Category is null ? 0 : 8) + (when.Tier is null ? 0 : 4) + (when.Country is null ? 0 : 2)
        + (when.Currency is null ? 0 : 1);

    static Currency Of(string code) => Currency.TryParse(code, out var currency) ? currency : throw new FormatException(code);
}
