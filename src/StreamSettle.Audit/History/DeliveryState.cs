namespace StreamSettle.Audit.History;

/// <summary>How a call stands.</summary>
public enum DeliveryState { Failing, Confirmed, DeadLettered, Replayed, Discarded }
