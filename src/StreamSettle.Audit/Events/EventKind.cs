namespace StreamSettle.Audit.Events;

/// <summary>The kinds of settlement events. The number is the tag in records of <c>settlement-events</c>: never reused, never renumbered.</summary>
public enum EventKind : byte
{
    SettlementScheduled = 1,
    SettlementRescheduled = 2,
    SettlementCancelled = 3,
    SettlementHeld = 4,
    SettlementReleased = 5,
    SettlementDue = 6,
    SettlementCalculated = 7,
    DeliveryConfirmed = 8,
    DeliveryFailed = 9,
    DeliveryDeadLettered = 10,
    DeliveryReplayed = 11,
    DeliveryDiscarded = 12,
    InvoiceDelivered = 13,
    SettlementCompleted = 14,
    ReversalRequested = 15,
    ReversalCalculated = 16,
    ReversalCompleted = 17,
    PayoutDeferred = 18,
    PayoutReleased = 19,
    DeliveryReturned = 20,
}
