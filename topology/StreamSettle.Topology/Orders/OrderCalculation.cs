using System.Collections.Immutable;
using System.Text;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Explaining;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;
using StreamSettle.Topology.Promoters;

namespace StreamSettle.Topology.Orders;

/// <summary>
/// One calculation: rule set, tier and promoters were taken once, so that its mark, its amounts and its explanation are of the same facts, whatever other
/// threads learn meanwhile. Valid until the next one begins.
/// </summary>
readonly ref struct OrderCalculation(RuleSet? set, OrderFacts order, MerchantFacts merchant, bool merchantIsKnown, PromoterChain promoters)
{
    readonly OrderFacts order = order;
    readonly MerchantFacts merchant = merchant;

    /// <summary>The mark. Without a row of the merchant no tier counts.</summary>
    public UtcInstant DueAt => SettlementCalculator.DueAt(set, order, merchant);

    /// <summary>Divides the money; null where the merchant has no row.</summary>
    public SettlementResult? Divide() => merchantIsKnown ? SettlementCalculator.Settle(set, order, merchant, promoters) : null;

    /// <summary>Why each line of what <see cref="Divide"/> gave is what it is, in the order of the lines.</summary>
    public ImmutableArray<string> Explain(Settled settled) => Explanations.Of(set, order, merchant, promoters, settled);

    /// <summary>What <see cref="Divide"/> rests on beside the amounts, for an order that it settled.</summary>
    public SettlementBasis Basis(Currency currency)
    {
        if (!order.Shipping.TryToMinor(currency.Digits, out var shipping))
        {
            throw new BrokenInvariantException($"shipping {order.Shipping} {currency} was settled, but is no whole number of minor units");
        }

        return new(
            Encoding.UTF8.GetString(order.BuyerCountry), shipping, order.ExportRefund, promoters.From(order.Promoter, SettlementBasis.MostPromoters),
            order.HasCategory ? Encoding.UTF8.GetString(order.Category) : null, merchant.HasTier ? Encoding.UTF8.GetString(merchant.Tier) : null, order.CarrierId);
    }
}
