using System.Text.Json.Serialization.Metadata;

namespace StreamSettle.Audit.Events;

/// <summary>What belongs to each kind of event, in one place: type, Marten's alias, JSON form.</summary>
/// <remarks>The alias is Marten's rule applied to the type's name (<c>SettlementDue</c> -> <c>settlement_due</c>); a wrong one could still be read but would never be projected.</remarks>
public static class EventKinds
{
    static readonly Entry[] Table =
    [
        new(EventKind.SettlementScheduled, "settlement_scheduled", EventJsonContext.Default.SettlementScheduled),
        new(EventKind.SettlementRescheduled, "settlement_rescheduled", EventJsonContext.Default.SettlementRescheduled),
        new(EventKind.SettlementCancelled, "settlement_cancelled", EventJsonContext.Default.SettlementCancelled),
        new(EventKind.SettlementHeld, "settlement_held", EventJsonContext.Default.SettlementHeld),
        new(EventKind.SettlementReleased, "settlement_released", EventJsonContext.Default.SettlementReleased),
        new(EventKind.SettlementDue, "settlement_due", EventJsonContext.Default.SettlementDue),
        new(EventKind.SettlementCalculated, "settlement_calculated", EventJsonContext.Default.SettlementCalculated),
        new(EventKind.DeliveryConfirmed, "delivery_confirmed", EventJsonContext.Default.DeliveryConfirmed),
        new(EventKind.DeliveryFailed, "delivery_failed", EventJsonContext.Default.DeliveryFailed),
        new(EventKind.DeliveryDeadLettered, "delivery_dead_lettered", EventJsonContext.Default.DeliveryDeadLettered),
        new(EventKind.DeliveryReplayed, "delivery_replayed", EventJsonContext.Default.DeliveryReplayed),
        new(EventKind.DeliveryDiscarded, "delivery_discarded", EventJsonContext.Default.DeliveryDiscarded),
        new(EventKind.InvoiceDelivered, "invoice_delivered", EventJsonContext.Default.InvoiceDelivered),
        new(EventKind.SettlementCompleted, "settlement_completed", EventJsonContext.Default.SettlementCompleted),
        new(EventKind.ReversalRequested, "reversal_requested", EventJsonContext.Default.ReversalRequested),
        new(EventKind.ReversalCalculated, "reversal_calculated", EventJsonContext.Default.ReversalCalculated),
        new(EventKind.ReversalCompleted, "reversal_completed", EventJsonContext.Default.ReversalCompleted),
        new(EventKind.PayoutDeferred, "payout_deferred", EventJsonContext.Default.PayoutDeferred),
        new(EventKind.PayoutReleased, "payout_released", EventJsonContext.Default.PayoutReleased),
        new(EventKind.DeliveryReturned, "delivery_returned", EventJsonContext.Default.DeliveryReturned),
    ];

    static readonly Dictionary<Type, EventKind> ByType = Table.ToDictionary(entry => entry.Json.Type, entry => entry.Kind);

    static readonly Dictionary<string, EventKind> ByAlias = Table.ToDictionary(entry => entry.Alias, entry => entry.Kind, StringComparer.Ordinal);

    /// <summary>All kinds, by tag.</summary>
    public static IReadOnlyList<EventKind> All { get; } = [.. Table.Select(entry => entry.Kind)];

    /// <summary>All event types, by tag: what a reader registers with Marten.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Table.Select(entry => entry.Json.Type)];

    /// <summary>True when the tag is one of <see cref="EventKind"/>'s.</summary>
    public static bool IsKnown(byte tag) => tag >= 1 && tag <= Table.Length;

    public static EventKind Kind(this SettlementEvent happened) => ByType[happened.GetType()];

    /// <summary>The kind's event type.</summary>
    public static Type ClrType(this EventKind kind) => Of(kind).Json.Type;

    /// <summary>The kind as <c>mt_events.type</c> has it.</summary>
    public static string Alias(this EventKind kind) => Of(kind).Alias;

    /// <summary>The kind that an <c>mt_events.type</c> names; false for one that this program does not know.</summary>
    public static bool TryFromAlias(string alias, out EventKind kind) => ByAlias.TryGetValue(alias, out kind);

    internal static JsonTypeInfo Json(this EventKind kind) => Of(kind).Json;

    static Entry Of(EventKind kind) => Table[(int)kind - 1];

    readonly record struct Entry(EventKind Kind, string Alias, JsonTypeInfo Json);
}
