using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Calculation;

/// <summary>How an order is settled, by contract to the minor unit. Pure: the same facts under the same rules give the same answer (I10). Allocates the result and nothing else.</summary>
public static class SettlementCalculator
{
    static readonly Refused UnknownCurrency = new(RefusalReasons.UnknownCurrency);
    static readonly Refused BadAmount = new(RefusalReasons.BadAmount);
    static readonly Refused NoRules = new(RefusalReasons.NoRules);

    /// <summary>The mark: completion plus the delay of the rules in force; 24 h where there are none, or none for the order. Says nothing about whether the order can be calculated.</summary>
    public static UtcInstant DueAt(RuleBook rules, in OrderFacts order, in MerchantFacts merchant) => DueAt(rules.InForce(order.CompletedAt), order, merchant);

    /// <summary>The mark under a given version.</summary>
    /// <param name="set">Null: no rules are in force.</param>
    public static UtcInstant DueAt(RuleSet? set, in OrderFacts order, in MerchantFacts merchant)
    {
        if (set is null)
        {
            return order.CompletedAt + DelayTerms.Default;
        }

        _ = Kernel.Money.Currency.TryParse(order.Currency, out var currency);
        return order.CompletedAt + set.DelayOf(set.KeyOf(order, merchant, currency));
    }

    /// <summary>Divides the money under the rules that were in force when the order was completed.</summary>
    /// <exception cref="BrokenInvariantException">I1: the lines are not the net.</exception>
    public static SettlementResult Settle(RuleBook rules, in OrderFacts order, in MerchantFacts merchant, IPromoterTree promoters) =>
        Settle(rules.InForce(order.CompletedAt), order, merchant, promoters);

    /// <summary>Divides the money under a given version.</summary>
    /// <param name="set">Null: no rules are in force.</param>
    /// <exception cref="BrokenInvariantException">I1: the lines are not the net.</exception>
    public static SettlementResult Settle(RuleSet? set, in OrderFacts order, in MerchantFacts merchant, IPromoterTree promoters)
    {
        if (OrderMoney.Refusal(order, out var money) is { } reason)
        {
            return ReferenceEquals(reason, RefusalReasons.UnknownCurrency) ? UnknownCurrency : BadAmount;
        }

        if (money.Net == 0)
        {
            return Cancelled.Instance;
        }

        return set is null ? NoRules : Divide(set, order, merchant, money, promoters);
    }

    static Settled Divide(RuleSet set, in OrderFacts order, in MerchantFacts merchant, in OrderMoney money, IPromoterTree promoters)
    {
        var key = set.KeyOf(order, merchant, money.Currency);
        var commissions = set.Commissions.Find(key);
        var levels = CommissionRoom.Needed(order, commissions);
        var room = levels <= CommissionSharing.MaxOnStack ? stackalloc CommissionShare[levels] : new CommissionShare[levels];
        var fall = Waterfall.Run(set, key, order, money, new(commissions, promoters, room));
        return new(
            set.Version,
            order.CompletedAt + set.DelayOf(key),
            merchant.IsKeyAccount || set.IsPriority(money.Currency, money.Net),
            money.Currency,
            money.Gross,
            money.Refunded,
            money.Net,
            SettlementLines.Of(fall, order),
            fall.ExportRefund)
        {
            Payout = set.PayoutOf(key, money.Currency),
        };
    }
}
