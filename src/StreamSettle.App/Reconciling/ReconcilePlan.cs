using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Reconciling;

/// <summary>What is compared, and how.</summary>
/// <param name="CompletedSince"><c>Source:CompletedSince</c>: orders completed before it are not ours; null where all are.</param>
sealed record ReconcilePlan(ReconcileScope Scope, ReconcileOptions Options, UtcInstant? CompletedSince);
