using StreamSettle.Schemas.Orders;

namespace StreamSettle.Schemas.Sources;

/// <summary>The columns of an order that may be too large to be sent with each change, as the shop has them now: UTF-8, null where the column is null or the table has none.</summary>
public sealed record OrderTexts(byte[]? BuyerCountry, byte[]? Category, byte[]? Currency, OrderStatus? Status, byte[]? Invoice);
