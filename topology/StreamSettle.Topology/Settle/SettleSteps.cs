using StreamSettle.Topology.Payouts;

namespace StreamSettle.Topology.Settle;

/// <summary>What settle's punctuation does with orders, each for itself.</summary>
sealed record SettleSteps(SettleCalculation Calculation, SettleForgetting Forgetting, SettleRefunds Refunds, SettleHolds Holds, SettlePayouts Payouts);
