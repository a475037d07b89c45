using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>A line of a progress file: of what scope it is, something found, or a place reached.</summary>
sealed record ProgressLine(string? Reconcile = null, Discrepancy? Found = null, ReconcilePlace? Place = null, ReconcileCounts? Counts = null);
