namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>One thing about an order on which two of the three do not agree. Holds no personal data, and of what a downstream wrote its receipts alone.</summary>
/// <param name="Subject">What of the order: a column of the shop, the mark, or the key of a call.</param>
/// <param name="Source">What the shop says; null where it is not asked, or has nothing.</param>
/// <param name="EventLog">What the event log says.</param>
/// <param name="Downstream">What the system of the call says.</param>
sealed record Discrepancy(
    long OrderId, DiscrepancyKind Kind, string Subject, string? Source = null, string? EventLog = null, string? Downstream = null)
{
    public long? MerchantId { get; init; }

    /// <summary>Of a call, by its key in <see cref="Subject"/>.</summary>
    public RepairKind Repair { get; init; }

    /// <summary>The same thing seen at another time, whatever its values are then.</summary>
    public (long, DiscrepancyKind, string) Identity => (OrderId, Kind, Subject);
}
