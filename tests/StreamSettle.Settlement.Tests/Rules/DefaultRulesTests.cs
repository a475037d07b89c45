using System.Text;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Explaining;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Tests.Rules;

public class DefaultRulesTests
{
    static readonly string[] Countries =
    [
        "DE", "FR", "IT", "ES", "NL", "BE", "AT", "IE", "PT", "GR", "FI", "SE", "DK", "PL", "CZ", "HU", "RO", "GB", "CH", "NO",
        "AU", "NZ", "JP", "CN", "KR", "IN", "SG", "AE", "US", "CA",
    ];

    static readonly string[] Currencies = ["USD", "EUR", "GBP", "JPY", "CNY", "KWD"];

    public static TheoryData<string, string> EveryCountryAndCurrency =>
        new(Countries.SelectMany(country => Currencies.Select(currency => (country, currency))));

    [Theory]
    [MemberData(nameof(EveryCountryAndCurrency))]
    public void The_default_rules_pay_everybody_in(string country, string currency)
    {
        var (book, chain) = (Load(), Promoters.Chain(1, 2, 3));
        var order = new OrderFacts
        {
            Merchant = new(7),
            Promoter = new PromoterId(1),
            CarrierId = 3,
            BuyerCountry = Encoding.UTF8.GetBytes(country),
            Currency = Encoding.UTF8.GetBytes(currency),
            Gross = new DecimalAmount(2000, 0),
            Shipping = new DecimalAmount(50, 0),
            Refunded = new DecimalAmount(0, 0),
            ExportRefund = true,
            CompletedAt = Instants.Of("2026-03-01T12:00:00Z"),
        };

        var settled = Assert.IsType<Settled>(SettlementCalculator.Settle(book, order, MerchantFacts.Of("STANDARD"u8), chain));

        Assert.Equal(
            [$"tax:{country}", "carrier:3", "platform", "promoter:1", "promoter:2", "promoter:3", "merchant:7"],
            settled.Lines.Select(line => line.Party.ToString()));
        Assert.All(settled.Lines, line => Assert.True(line.Amount > 0));
        Assert.True(settled.ExportRefund > 0);
        Assert.Equal(Instants.Of("2026-03-02T12:00:00Z"), settled.DueAt);
        Assert.All(Explanations.Of(book, order, MerchantFacts.Of("STANDARD"u8), chain, settled), text => Assert.NotEqual("", text));
    }

    static RuleBook Load() =>
        Assert.IsType<RuleLoad.Loaded>(RuleBookLoader.Load(Path.Combine(AppContext.BaseDirectory, "default-rules"))).Book;
}
