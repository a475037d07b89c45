using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads the terms of each list's rules. A term that is wrong has been reported and stands here as nothing: the file is refused anyway.</summary>
internal static class TermsReader
{
    const int MaxRatePpm = 1_000_000;

    public static readonly string[] DelayKeys = ["delay"];
    public static readonly string[] TaxKeys = ["ratePpm", "mode", "base", "rounding"];
    public static readonly string[] LogisticsKeys = ["basis", "ratePpm", "fixed"];
    public static readonly string[] FeeKeys = ["ratePpm", "fixed", "min", "max"];
    public static readonly string[] CommissionKeys = ["levels", "fundedBy"];
    public static readonly string[] ExportRefundKeys = ["ratePpm"];

    static readonly string[] LevelKeys = ["ratePpm", "cap"];

    public static DelayTerms Delay(JsonMembers rule) => new(rule.Required("delay") is { } place ? DelayText.Read(place) : TimeSpan.Zero);

    public static TaxTerms Tax(JsonMembers rule) => new(
        Rate(rule),
        rule.Required("mode")?.Word(("INCLUDED", TaxMode.Included), ("WITHHELD", TaxMode.Withheld)) ?? default,
        rule.Required("base")?.Word(("GOODS", TaxBase.Goods), ("ALL", TaxBase.All)) ?? default,
        rule.Required("rounding")?.Word(
            ("HALF_UP", Rounding.HalfUp), ("HALF_EVEN", Rounding.HalfEven), ("DOWN", Rounding.Down), ("UP", Rounding.Up)) ?? default);

    public static LogisticsTerms Logistics(JsonMembers rule) => new(
        rule.Required("basis")?.Word(("SHIPPING", LogisticsBasis.Shipping), ("NET", LogisticsBasis.Net)) ?? default,
        Rate(rule),
        Amounts(rule, "fixed"));

    public static FeeTerms Fee(JsonMembers rule) => new(Rate(rule), Amounts(rule, "fixed"), Amounts(rule, "min"), Amounts(rule, "max"));

    public static CommissionTerms Commission(JsonMembers rule) => new(
        [.. (rule.Required("levels")?.Items() ?? []).Select(Level)],
        rule.Required("fundedBy")?.Word(("PLATFORM", CommissionFunding.Platform), ("MERCHANT", CommissionFunding.Merchant)) ?? default);

    public static ExportRefundTerms ExportRefund(JsonMembers rule) => new(Rate(rule));

    static CommissionLevel Level(JsonPlace place) =>
        JsonMembers.Open(place, LevelKeys) is { } level ? new(Rate(level), Amounts(level, "cap")) : new(0, CurrencyAmounts.None);

    static int Rate(JsonMembers rule) => (int)(rule.Required("ratePpm")?.Whole(0, MaxRatePpm) ?? 0);

    internal static CurrencyAmounts Amounts(JsonMembers rule, string key)
    {
        if (rule.Optional(key) is not { } place || JsonMembers.Open(place) is not { } members)
        {
            return CurrencyAmounts.None;
        }

        var amounts = new Dictionary<Currency, long>();
        foreach (var (code, value) in members.All)
        {
            if (value.CurrencyOf(code) is { } currency && value.Whole(0, long.MaxValue) is { } amount)
            {
                amounts[currency] = amount;
            }
        }

        return new(amounts);
    }
}
