using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Rules.Lookup;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Calculation;

/// <summary>What an order's commissions are shared out with.</summary>
/// <param name="rule">For the order, found before so that the caller knows how much room it needs; null for none.</param>
/// <param name="shares">Room for <see cref="Needed"/> promoters.</param>
internal readonly ref struct CommissionRoom(Rule<CommissionTerms>? rule, IPromoterTree promoters, Span<CommissionShare> shares)
{
    public Rule<CommissionTerms>? Rule => rule;

    public IPromoterTree Promoters => promoters;

    public Span<CommissionShare> Shares { get; } = shares;

    /// <summary>The most promoters that get a share of the order, or nothing.</summary>
    public static int Needed(in OrderFacts order, Rule<CommissionTerms>? rule) => order.Promoter is null ? 0 : rule?.Terms.Levels.Length ?? 0;
}
