using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>A completed order that the first snapshot found: what its mark depends on.</summary>
/// <param name="CompletedAt">Null where the column is null, infinite, or beyond what is read.</param>
/// <param name="Category">Null where the column is null or missing.</param>
public sealed record CompletedOrder(OrderId Id, MerchantId Merchant, UtcInstant? CompletedAt, string BuyerCountry, string? Category, string Currency);
