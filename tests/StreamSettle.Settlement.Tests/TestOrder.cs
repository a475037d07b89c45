using System.Text;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.Settlement.Tests;

/// <summary>An order of merchant 437 as most tests want it: 100.00 EUR, sold to Germany, nothing else.</summary>
sealed record TestOrder
{
    public long Merchant { get; init; } = 437;

    public long? Promoter { get; init; }

    public long? Carrier { get; init; }

    public string Country { get; init; } = "DE";

    public string? Category { get; init; }

    public string Currency { get; init; } = "EUR";

    public string Gross { get; init; } = "100.00";

    public string Shipping { get; init; } = "0.00";

    public string Refunded { get; init; } = "0.00";

    public bool ExportRefund { get; init; }

    public string CompletedAt { get; init; } = "2026-03-01T12:00:00Z";

    /// <summary>Null: the merchant has no row.</summary>
    public string? Tier { get; init; } = "STANDARD";

    public OrderFacts Facts => new()
    {
        Merchant = new(Merchant),
        Promoter = Promoter is { } promoter ? new PromoterId(promoter) : null,
        CarrierId = Carrier,
        BuyerCountry = Encoding.UTF8.GetBytes(Country),
        Category = Category is null ? default : Encoding.UTF8.GetBytes(Category),
        HasCategory = Category is not null,
        Currency = Encoding.UTF8.GetBytes(Currency),
        Gross = Amounts.Of(Gross),
        Shipping = Amounts.Of(Shipping),
        Refunded = Amounts.Of(Refunded),
        ExportRefund = ExportRefund,
        CompletedAt = UtcInstant.Parse(CompletedAt),
    };

    public MerchantFacts MerchantFacts => Tier is null ? MerchantFacts.None : MerchantFacts.Of(Encoding.UTF8.GetBytes(Tier));

    public SettlementResult Settle(RuleBook rules, IPromoterTree? promoters = null) =>
        SettlementCalculator.Settle(rules, Facts, MerchantFacts, promoters ?? Promoters.None);

    /// <summary>The lines as text, <c>tax:DE 1597</c>.</summary>
    public string[] Lines(RuleBook rules, IPromoterTree? promoters = null) =>
        [.. Assert.IsType<Settled>(Settle(rules, promoters)).Lines.Select(line => $"{line.Party} {line.Amount}")];
}
