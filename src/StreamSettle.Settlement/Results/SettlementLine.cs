namespace StreamSettle.Settlement.Results;

/// <summary>A party's share of the order's net.</summary>
/// <param name="Amount">Minor units of the order's currency; 0 only for the merchant.</param>
public readonly record struct SettlementLine(Party Party, long Amount);
