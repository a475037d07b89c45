using System.Text;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.App.WhatIf;

/// <summary>An order as its calculation recorded it, to be divided again.</summary>
sealed class RecordedOrder(OrderId id, SettlementCalculated calculated, SettlementBasis basis) : IPromoterTree
{
    readonly byte[] country = Encoding.UTF8.GetBytes(basis.BuyerCountry);
    readonly byte[] currency = Encoding.UTF8.GetBytes(calculated.Currency);
    readonly byte[] category = Encoding.UTF8.GetBytes(basis.Category ?? "");
    readonly byte[]? tier = basis.Tier is { } text ? Encoding.UTF8.GetBytes(text) : null;
    bool askedBeyond;

    public UtcInstant CompletedAt { get; } = UtcInstant.Parse(calculated.CompletedAt);

    /// <summary>Null where rules pay more levels of promoters than were recorded.</summary>
    public SettlementResult? Divide(RuleSet? set)
    {
        askedBeyond = false;
        var order = Facts();
        var result = SettlementCalculator.Settle(set, order, tier is null ? MerchantFacts.None : MerchantFacts.Of(tier), this);
        return askedBeyond ? null : result;
    }

    /// <inheritdoc/>
    public bool TryGetParent(PromoterId promoter, out PromoterId? parent)
    {
        var at = IndexOf(promoter);
        parent = at + 1 < basis.Promoters.Count ? new(basis.Promoters[at + 1]) : null;
        askedBeyond |= parent is null && basis.Promoters.Count >= SettlementBasis.MostPromoters;
        return true;
    }

    int IndexOf(PromoterId promoter)
    {
        for (var i = 0; i < basis.Promoters.Count; i++)
        {
            if (basis.Promoters[i] == promoter.Value)
            {
                return i;
            }
        }

        throw new BrokenInvariantException($"promoter {promoter} is not in the chain that the calculation of order {id} recorded");
    }

    OrderFacts Facts()
    {
        if (!Currency.TryParse(currency, out var known))
        {
            throw new CorruptStateException($"the calculation of order {id} is in '{calculated.Currency}', which is no currency");
        }

        var digits = (byte)known.Digits;
        return new()
        {
            Merchant = new(calculated.MerchantId),
            Promoter = basis.Promoters is [var first, ..] ? new PromoterId(first) : null,
            CarrierId = basis.CarrierId,
            BuyerCountry = country,
            Category = category,
            HasCategory = basis.Category is not null,
            Currency = currency,
            Gross = new(calculated.Gross, digits),
            Shipping = new(basis.Shipping, digits),
            Refunded = new(calculated.Refunded, digits),
            ExportRefund = basis.SoldAbroad,
            CompletedAt = CompletedAt,
        };
    }
}
