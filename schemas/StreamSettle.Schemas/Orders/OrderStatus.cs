namespace StreamSettle.Schemas.Orders;

/// <summary>The source's order_status; a label we do not know is <see cref="Other"/>, which is not completed.</summary>
public enum OrderStatus : byte
{
    Other = 0,
    Created = 1,
    Paid = 2,
    Shipped = 3,
    Completed = 4,
    Disputed = 5,
    Cancelled = 6,
    Refunded = 7,
}
