using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>Terms of a rule of <c>fees</c>. A <see cref="Max"/> below <see cref="Min"/> is legal: it comes last.</summary>
internal sealed record FeeTerms(int RatePpm, CurrencyAmounts Fixed, CurrencyAmounts Min, CurrencyAmounts Max);
