using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>What the clock tasks and settle's share in one run of the process.</summary>
/// <param name="Started">Start of the run, and its name in reports.</param>
sealed record ClockRun(FiringGate Gate, ClockProgress Progress, UtcInstant Started, SettlementTallies Tallies);
