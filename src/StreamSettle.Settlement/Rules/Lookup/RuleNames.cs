using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Facts;

namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>The numbers that one rule set gives to what its rules name: an order's facts become five of them once, and every list is looked up by them.</summary>
internal sealed class RuleNames
{
    readonly Dictionary<long, int> merchants = [];
    readonly Utf8Names categories = new();
    readonly Utf8Names tiers = new();
    readonly Utf8Names countries = new();

    public RuleKey Intern(RuleWhen when) => new(
        when.MerchantId is { } merchant ? Intern(merchant) : 0,
        when.Category is { } category ? categories.Intern(category) : 0,
        when.Tier is { } tier ? tiers.Intern(tier) : 0,
        when.Country is { } country ? countries.Intern(country) : 0,
        when.Currency is { } currency ? currency.Index + 1 : 0);

    public RuleKey KeyOf(in OrderFacts order, in MerchantFacts merchant, Currency currency) => new(
        merchants.Count != 0 && merchants.TryGetValue(order.Merchant.Value, out var number) ? number : 0,
        order.HasCategory ? categories.Find(order.Category) : 0,
        merchant.HasTier ? tiers.Find(merchant.Tier) : 0,
        countries.Find(order.BuyerCountry),
        currency.IsKnown ? currency.Index + 1 : 0);

    int Intern(long merchant)
    {
        if (!merchants.TryGetValue(merchant, out var number))
        {
            number = merchants.Count + 1;
            merchants.Add(merchant, number);
        }

        return number;
    }
}
