namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>Terms of a rule of <c>exportRefunds</c>.</summary>
internal sealed record ExportRefundTerms(int RatePpm);
