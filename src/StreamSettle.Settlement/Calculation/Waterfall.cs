using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Calculation;

/// <summary>The steps by which an order's net is divided, in their order; each takes from what the ones before it left. Keeps every amount on the way, so that the result and its explanation come from the same numbers.</summary>
/// <remarks>All amounts are minor units, at least 0.</remarks>
internal ref struct Waterfall
{
    /// <summary>What no step has taken yet; at the end the merchant's.</summary>
    long left;

    public OrderMoney Money { get; private init; }

    /// <summary>The shipping that is left after refunds.</summary>
    public long Shipping { get; private init; }

    public readonly long Goods => Money.Net - Shipping;

    public Rule<TaxTerms>? TaxRule { get; private set; }

    public readonly long TaxBase => TaxRule?.Terms.Base == Rules.Terms.TaxBase.Goods ? Goods : Money.Net;

    public long Tax { get; private set; }

    /// <summary>Base of commissions and of the export refund. Tax on shipping too can be more than the goods.</summary>
    public readonly long GoodsAfterTax => Math.Max(Goods - Tax, 0);

    public Rule<LogisticsTerms>? LogisticsRule { get; private set; }

    /// <summary>What was left when the carrier's turn came.</summary>
    public long LeftForCarrier { get; private set; }

    public long Carrier { get; private set; }

    public Rule<FeeTerms>? FeeRule { get; private set; }

    public long LeftForFee { get; private set; }

    public long Fee { get; private set; }

    public Rule<CommissionTerms>? CommissionRule { get; private set; }

    /// <summary>The chain's promoters, level 1 first, also those that get nothing.</summary>
    public ReadOnlySpan<CommissionShare> Commissions { get; private set; }

    /// <summary>The most that the commissions can be together.</summary>
    public long CommissionLimit { get; private set; }

    public long CommissionsPaid { get; private set; }

    public readonly long Platform => FundedByPlatform ? Fee - CommissionsPaid : Fee;

    public readonly long Merchant => left;

    public Rule<ExportRefundTerms>? ExportRule { get; private set; }

    public long ExportRefund { get; private set; }

    public readonly bool FundedByPlatform => CommissionRule?.Terms.FundedBy == CommissionFunding.Platform;

    public static Waterfall Run(RuleSet rules, in RuleKey key, in OrderFacts order, in OrderMoney money, CommissionRoom room)
    {
        var shipping = Exact.Share(money.Shipping, money.Net, money.Gross, Rounding.HalfEven);
        var fall = new Waterfall { Money = money, Shipping = shipping, left = money.Net };
        fall.TakeTax(rules.Taxes.Find(key));
        fall.TakeCarrier(order.CarrierId is null ? null : rules.Logistics.Find(key));
        fall.TakeFee(rules.Fees.Find(key));
        fall.TakeCommissions(order, room);
        fall.ClaimExportRefund(order.ExportRefund ? rules.ExportRefunds.Find(key) : null);
        return fall;
    }

    void TakeTax(Rule<TaxTerms>? rule)
    {
        TaxRule = rule;
        if (rule?.Terms is { } terms)
        {
            Tax = terms.Mode == TaxMode.Included
                ? Exact.IncludedRate(TaxBase, terms.RatePpm, terms.Rounding)
                : Exact.Rate(TaxBase, terms.RatePpm, terms.Rounding);
            left -= Tax;
        }
    }

    void TakeCarrier(Rule<LogisticsTerms>? rule)
    {
        LogisticsRule = rule;
        LeftForCarrier = left;
        if (rule?.Terms is { } terms)
        {
            var basis = terms.Basis == LogisticsBasis.Shipping ? Shipping : Money.Net;
            Carrier = AtMost(left, (Int128)Exact.Rate(basis, terms.RatePpm, Rounding.HalfEven) + terms.Fixed.OrZero(Money.Currency));
            left -= Carrier;
        }
    }

    void TakeFee(Rule<FeeTerms>? rule)
    {
        FeeRule = rule;
        LeftForFee = left;
        if (rule?.Terms is { } terms)
        {
            var fee = (Int128)Exact.Rate(Money.Net - Tax, terms.RatePpm, Rounding.HalfEven) + terms.Fixed.OrZero(Money.Currency);
            fee = terms.Min.TryGet(Money.Currency, out var min) && fee < min ? min : fee;
            fee = terms.Max.TryGet(Money.Currency, out var max) && fee > max ? max : fee;
            Fee = AtMost(left, fee);
            left -= Fee;
        }
    }

    void TakeCommissions(in OrderFacts order, CommissionRoom room)
    {
        CommissionRule = room.Rule;
        if (CommissionRule is not { } rule)
        {
            return;
        }

        var chain = room.Shares[..CommissionChain.Climb(order.Promoter, room.Promoters, room.Shares)];
        CommissionLimit = FundedByPlatform ? Fee : left;
        CommissionsPaid = CommissionSharing.Pay(rule.Terms.Levels, GoodsAfterTax, Money.Currency, CommissionLimit, chain);
        Commissions = chain;
        left -= FundedByPlatform ? 0 : CommissionsPaid;
    }

    void ClaimExportRefund(Rule<ExportRefundTerms>? rule)
    {
        ExportRule = rule;
        ExportRefund = rule is null ? 0 : Exact.Rate(GoodsAfterTax, rule.Terms.RatePpm, Rounding.Down);
    }

    static long AtMost(long limit, Int128 amount) => amount > limit ? limit : (long)amount;
}
