using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Rules;

/// <summary>One version of the rules. Immutable; safe for many threads.</summary>
public sealed class RuleSet
{
    readonly RuleNames names = new();
    readonly RuleTable<DelayTerms> delays;
    readonly CurrencyAmounts priorityAbove;

    internal RuleSet(RuleSetContent content)
    {
        Version = content.Version;
        EffectiveFrom = content.EffectiveFrom;
        priorityAbove = content.PriorityAbove;
        delays = new(content.Delays, names);
        Taxes = new(content.Taxes, names);
        Logistics = new(content.Logistics, names);
        Fees = new(content.Fees, names);
        Commissions = new(content.Commissions, names);
        ExportRefunds = new(content.ExportRefunds, names);
    }

    /// <summary>Kept with every settlement that these rules made.</summary>
    public string Version { get; }

    /// <summary>Orders completed at this instant or later, until the next set, are settled by these rules.</summary>
    public UtcInstant EffectiveFrom { get; }

    internal RuleTable<TaxTerms> Taxes { get; }

    internal RuleTable<LogisticsTerms> Logistics { get; }

    internal RuleTable<FeeTerms> Fees { get; }

    internal RuleTable<CommissionTerms> Commissions { get; }

    internal RuleTable<ExportRefundTerms> ExportRefunds { get; }

    internal RuleKey KeyOf(in OrderFacts order, in MerchantFacts merchant, Currency currency) => names.KeyOf(order, merchant, currency);

    internal TimeSpan DelayOf(in RuleKey key) => delays.Find(key)?.Terms.Delay ?? DelayTerms.Default;

    /// <summary>Whether an amount in minor units is above 10,000 USD by these rules' rates; never where there is no rate.</summary>
    internal bool IsPriority(Currency currency, long net) => priorityAbove.TryGet(currency, out var limit) && net > limit;
}
