using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>What the clock tasks and settle's share in one run of the process.</summary>
/// <param name="Id">The run's own name in reports.</param>
sealed record ClockRun(FiringGate Gate, ClockProgress Progress, Guid Id, SettlementTallies Tallies);
