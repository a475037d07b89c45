namespace StreamSettle.App.Reconciling;

/// <summary>How far a comparison has come: first along the shop's orders of the period, then along the event log's streams, for those whose row is gone or has moved out of it.</summary>
/// <param name="InEventLog">The shop's orders are done.</param>
/// <param name="After">The last id there; null at the beginning.</param>
sealed record ReconcilePlace(bool InEventLog, string? After)
{
    public static ReconcilePlace Start { get; } = new(false, null);
}
