using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Explaining;

/// <summary>The words for a line of each kind: rate, base and rounding first, then what moved the amount away from them, then the rule.</summary>
internal static class LineText
{
    public static string Tax(in Waterfall fall)
    {
        var rule = fall.TaxRule!;
        var (terms, currency) = (rule.Terms, fall.Money.Currency);
        var link = terms.Mode == TaxMode.Included ? "included in" : "of";
        var noun = terms.Base == TaxBase.Goods ? "goods" : "net";
        return $"{MoneyText.Percent(terms.RatePpm)} {link} {MoneyText.Of(fall.TaxBase, currency)} {noun}, {Word(terms.Rounding)}{Of(rule)}";
    }

    public static string Carrier(in Waterfall fall)
    {
        var rule = fall.LogisticsRule!;
        var (terms, currency) = (rule.Terms, fall.Money.Currency);
        var (basis, noun) = terms.Basis == LogisticsBasis.Shipping ? (fall.Shipping, "shipping") : (fall.Money.Net, "net");
        var limit = fall.Carrier == fall.LeftForCarrier ? $", at most the {MoneyText.Of(fall.LeftForCarrier, currency)} left" : "";
        return $"{MoneyText.Percent(terms.RatePpm)} of {MoneyText.Of(basis, currency)} {noun}, HALF_EVEN{Plus(terms.Fixed, currency)}{limit}{Of(rule)}";
    }

    public static string Platform(in Waterfall fall)
    {
        var rule = fall.FeeRule!;
        var (terms, currency) = (rule.Terms, fall.Money.Currency);
        var min = terms.Min.TryGet(currency, out var least) ? $", at least {MoneyText.Of(least, currency)}" : "";
        var max = terms.Max.TryGet(currency, out var most) ? $", at most {MoneyText.Of(most, currency)}" : "";
        var limit = fall.Fee == fall.LeftForFee ? $", at most the {MoneyText.Of(fall.LeftForFee, currency)} left" : "";
        var less = fall.Platform == fall.Fee ? "" : $", less {MoneyText.Of(fall.CommissionsPaid, currency)} commissions";
        return $"{MoneyText.Percent(terms.RatePpm)} of {MoneyText.Of(fall.Money.Net - fall.Tax, currency)} net after tax, HALF_EVEN{Plus(terms.Fixed, currency)}{min}{max}{limit}{less}{Of(rule)}";
    }

    public static string Promoter(in Waterfall fall, int level)
    {
        var rule = fall.CommissionRule!;
        var (terms, currency) = (rule.Terms.Levels[level - 1], fall.Money.Currency);
        var share = fall.Commissions[level - 1];
        var cap = terms.Cap.TryGet(currency, out var most) ? $", at most {MoneyText.Of(most, currency)}" : "";
        var source = fall.FundedByPlatform ? "fee" : "left";
        var shared = share.Paid == share.Earned
            ? ""
            : $", {MoneyText.Of(share.Earned, currency)} brought down as all levels share the {MoneyText.Of(fall.CommissionLimit, currency)} {source}";
        return $"level {level}: {MoneyText.Percent(terms.RatePpm)} of {MoneyText.Of(fall.GoodsAfterTax, currency)} goods after tax, DOWN{cap}{shared}{Of(rule)}";
    }

    public static string Merchant(in Waterfall fall) => $"what is left of {MoneyText.Of(fall.Money.Net, fall.Money.Currency)} net";

    static string Plus(CurrencyAmounts amounts, Currency currency) =>
        amounts.OrZero(currency) is var amount and not 0 ? $", plus {MoneyText.Of(amount, currency)}" : "";

    static string Of<TTerms>(Rule<TTerms> rule) => $" (rule: {rule.When})";

    static string Word(Rounding rounding) => rounding switch
    {
        Rounding.HalfUp => "HALF_UP",
        Rounding.HalfEven => "HALF_EVEN",
        Rounding.Down => "DOWN",
        _ => "UP",
    };
}
