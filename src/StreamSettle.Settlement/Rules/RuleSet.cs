using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Rules;

/// <summary>One version of the rules. Immutable; safe for many threads.</summary>
public sealed class RuleSet
{
    readonly RuleNames names = new();
    readonly RuleTable<DelayTerms> delays;
    readonly RuleTable<PayoutTerms> payouts;
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
        payouts = new(content.Payouts, names);
        CalendarNames = [.. content.Payouts.Select(rule => rule.Terms.Calendar).OfType<string>().Distinct()];
    }

    /// <summary>Kept with every settlement that these rules made.</summary>
    public string Version { get; }

    /// <summary>Orders completed at this instant or later, until the next set, are settled by these rules.</summary>
    public UtcInstant EffectiveFrom { get; }

    /// <summary>The calendars that its payouts go by; <see cref="AgreedPayout.MerchantCountry"/> for any.</summary>
    public IReadOnlyList<string> CalendarNames { get; }

    internal RuleTable<TaxTerms> Taxes { get; }

    internal RuleTable<LogisticsTerms> Logistics { get; }

    internal RuleTable<FeeTerms> Fees { get; }

    internal RuleTable<CommissionTerms> Commissions { get; }

    internal RuleTable<ExportRefundTerms> ExportRefunds { get; }

    internal RuleKey KeyOf(in OrderFacts order, in MerchantFacts merchant, Currency currency) => names.KeyOf(order, merchant, currency);

    internal TimeSpan DelayOf(in RuleKey key) => delays.Find(key)?.Terms.Delay ?? DelayTerms.Default;

    /// <summary>How the split is paid out; null where nothing delays it.</summary>
    internal AgreedPayout? PayoutOf(in RuleKey key, Currency currency)
    {
        if (payouts.Find(key) is not { Terms: var terms } rule)
        {
            return null;
        }

        long? minimum = terms.Minimum.TryGet(currency, out var least) && least > 0 ? least : null;
        return minimum is null && terms.Calendar is null
            ? null
            : new(rule.When.ToString(), minimum, minimum is null ? null : terms.MaxWait, terms.Calendar, terms.CutOff);
    }

    /// <summary>Whether an amount in minor units is above 10,000 USD by these rules' rates; never where there is no rate.</summary>
    internal bool IsPriority(Currency currency, long net) => priorityAbove.TryGet(currency, out var limit) && net > limit;
}
