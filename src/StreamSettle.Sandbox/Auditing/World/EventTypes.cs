namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>The aliases of the contract's events.</summary>
internal static class EventTypes
{
    public const string Scheduled = "settlement_scheduled";
    public const string Rescheduled = "settlement_rescheduled";
    public const string Cancelled = "settlement_cancelled";
    public const string Held = "settlement_held";
    public const string Released = "settlement_released";
    public const string Due = "settlement_due";
    public const string Calculated = "settlement_calculated";
    public const string Confirmed = "delivery_confirmed";
    public const string Failed = "delivery_failed";
    public const string DeadLettered = "delivery_dead_lettered";
    public const string Replayed = "delivery_replayed";
    public const string Discarded = "delivery_discarded";
    public const string Returned = "delivery_returned";
    public const string InvoiceDelivered = "invoice_delivered";
    public const string Completed = "settlement_completed";
    public const string ReversalRequested = "reversal_requested";
    public const string ReversalCalculated = "reversal_calculated";
    public const string ReversalCompleted = "reversal_completed";
    public const string PayoutDeferred = "payout_deferred";
    public const string PayoutReleased = "payout_released";
}
