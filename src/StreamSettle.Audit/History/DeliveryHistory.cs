namespace StreamSettle.Audit.History;

/// <summary>One call to a downstream system.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Leg">The leg's name as in keys; <c>calculation</c> for a refused order or refund.</param>
/// <param name="N">0 for the settlement, 1 and up for its reversals.</param>
/// <param name="Attempts">POSTs so far.</param>
/// <param name="Text">The receipt when confirmed, who when replayed, who and why when discarded, else the last reason.</param>
public sealed record DeliveryHistory(string Key, string Leg, int N, DeliveryState State, int Attempts, string Text, bool InvoiceSentLater = false);
