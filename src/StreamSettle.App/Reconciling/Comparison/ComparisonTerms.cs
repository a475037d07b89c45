using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>What a comparison goes by.</summary>
/// <param name="Now">The wall clock.</param>
/// <param name="LateAfter">How long after its mark an order, or a call of it, may still be under way.</param>
/// <param name="WithSource">The shop was asked: a row that is not there is gone.</param>
/// <param name="CompletedSince">Orders completed before it are not ours; null where all are.</param>
sealed record ComparisonTerms(UtcInstant Now, TimeSpan LateAfter, bool WithSource, UtcInstant? CompletedSince);
