namespace StreamSettle.App.WhatIf;

/// <summary>What a comparison came to.</summary>
/// <param name="Orders">Calculations of the period.</param>
/// <param name="Differing">Of these, divided otherwise by B than by A.</param>
/// <param name="MovedMarks">Of these, with another mark; they count as differing only where money moves too.</param>
/// <param name="Unknown">Not to be divided again: recorded before releases recorded what a division rests on, or with a longer chain of promoters than was recorded.</param>
/// <param name="Strange">Divided otherwise by the very version that they were settled by: its rule set is another one now.</param>
/// <param name="FirstStrange">The first of these.</param>
/// <param name="Totals">By currency and kind of party, over all merchants.</param>
sealed record RulesDiffSummary(long Orders, long Differing, long MovedMarks, long Unknown, long Strange, long? FirstStrange, IReadOnlyList<PartyTotal> Totals);
