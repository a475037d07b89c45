using StreamSettle.Schemas.Orders;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>The labels of the source's <c>order_status</c>.</summary>
internal static class OrderStatusLabel
{
    /// <summary>A label that we do not know is <see cref="OrderStatus.Other"/>.</summary>
    public static OrderStatus Parse(ReadOnlySpan<byte> label) => label switch
    {
        _ when label.SequenceEqual("COMPLETED"u8) => OrderStatus.Completed,
        _ when label.SequenceEqual("CREATED"u8) => OrderStatus.Created,
        _ when label.SequenceEqual("PAID"u8) => OrderStatus.Paid,
        _ when label.SequenceEqual("SHIPPED"u8) => OrderStatus.Shipped,
        _ when label.SequenceEqual("DISPUTED"u8) => OrderStatus.Disputed,
        _ when label.SequenceEqual("CANCELLED"u8) => OrderStatus.Cancelled,
        _ when label.SequenceEqual("REFUNDED"u8) => OrderStatus.Refunded,
        _ => OrderStatus.Other,
    };

    public static ReadOnlySpan<byte> Of(OrderStatus status) => status switch
    {
        OrderStatus.Completed => "COMPLETED"u8,
        OrderStatus.Created => "CREATED"u8,
        OrderStatus.Paid => "PAID"u8,
        OrderStatus.Shipped => "SHIPPED"u8,
        OrderStatus.Disputed => "DISPUTED"u8,
        OrderStatus.Cancelled => "CANCELLED"u8,
        OrderStatus.Refunded => "REFUNDED"u8,
        _ => "OTHER"u8,
    };
}
