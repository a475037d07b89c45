using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>What the carrier's rate is taken of.</summary>
internal enum LogisticsBasis : byte
{
    /// <summary>The shipping that is left after refunds.</summary>
    Shipping = 1,

    /// <summary>The net.</summary>
    Net = 2,
}

/// <summary>Terms of a rule of <c>logistics</c>.</summary>
internal sealed record LogisticsTerms(LogisticsBasis Basis, int RatePpm, CurrencyAmounts Fixed);
