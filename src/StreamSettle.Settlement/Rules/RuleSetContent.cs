using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Rules;

/// <summary>What a rule file says, read and checked, before it is laid out for look-ups.</summary>
/// <param name="PriorityAbove">By currency the greatest net that is not yet above 10,000 USD.</param>
internal sealed record RuleSetContent(
    string Version,
    UtcInstant EffectiveFrom,
    CurrencyAmounts PriorityAbove,
    IReadOnlyList<Rule<DelayTerms>> Delays,
    IReadOnlyList<Rule<TaxTerms>> Taxes,
    IReadOnlyList<Rule<LogisticsTerms>> Logistics,
    IReadOnlyList<Rule<FeeTerms>> Fees,
    IReadOnlyList<Rule<CommissionTerms>> Commissions,
    IReadOnlyList<Rule<ExportRefundTerms>> ExportRefunds)
{
    public IReadOnlyList<Rule<PayoutTerms>> Payouts { get; init; } = [];
}
