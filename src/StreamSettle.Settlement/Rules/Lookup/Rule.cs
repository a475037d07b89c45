namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>A rule of a list: which orders it is for, and its terms.</summary>
internal sealed record Rule<TTerms>(RuleWhen When, TTerms Terms);
