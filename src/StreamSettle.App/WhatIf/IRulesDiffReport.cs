namespace StreamSettle.App.WhatIf;

/// <summary>Where a comparison is written to while it goes on: a merchant's orders, then the merchant's sums, then the next merchant.</summary>
interface IRulesDiffReport
{
    void Order(OrderDifference order);

    /// <summary>The sums of the merchant whose orders came since the last call.</summary>
    void Merchant(long merchant, IReadOnlyList<PartyTotal> totals);

    void End(RulesDiffSummary summary);
}
