using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Events;

/// <summary>The JSON of the events: PascalCase as the members are named, case-sensitive, no white space.</summary>
[JsonSourceGenerationOptions(WriteIndented = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SettlementScheduled))]
[JsonSerializable(typeof(SettlementRescheduled))]
[JsonSerializable(typeof(SettlementCancelled))]
[JsonSerializable(typeof(SettlementHeld))]
[JsonSerializable(typeof(SettlementReleased))]
[JsonSerializable(typeof(SettlementDue))]
[JsonSerializable(typeof(SettlementCalculated))]
[JsonSerializable(typeof(DeliveryConfirmed))]
[JsonSerializable(typeof(DeliveryFailed))]
[JsonSerializable(typeof(DeliveryDeadLettered))]
[JsonSerializable(typeof(DeliveryReplayed))]
[JsonSerializable(typeof(DeliveryDiscarded))]
[JsonSerializable(typeof(InvoiceDelivered))]
[JsonSerializable(typeof(SettlementCompleted))]
[JsonSerializable(typeof(ReversalRequested))]
[JsonSerializable(typeof(ReversalCalculated))]
[JsonSerializable(typeof(ReversalCompleted))]
[JsonSerializable(typeof(PayoutDeferred))]
[JsonSerializable(typeof(PayoutReleased))]
[JsonSerializable(typeof(DeliveryReturned))]
internal sealed partial class EventJsonContext : JsonSerializerContext;
