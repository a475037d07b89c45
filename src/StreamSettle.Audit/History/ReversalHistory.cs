using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.History;

/// <summary>What was taken back after a refund.</summary>
/// <param name="Refunded">The order's refunded amount then, all refunds together.</param>
/// <param name="CompletedAt">Null while it is on its way.</param>
public sealed record ReversalHistory(int N, long? Refunded, IReadOnlyList<ReversalLine> Lines, string? CompletedAt);
