namespace StreamSettle.Connectors.Debezium;

/// <summary>What the shop calls the columns of its orders. The defaults are those of <c>contract/source.sql</c>; a column that the table has not reads as null.</summary>
public sealed record OrderColumns
{
    internal const int Merchant = 1;
    internal const int Promoter = 2;
    internal const int Carrier = 3;
    internal const int Country = 4;
    internal const int Category = 5;
    internal const int CurrencyCode = 6;
    internal const int Gross = 7;
    internal const int Shipping = 8;
    internal const int Refunded = 9;
    internal const int StatusLabel = 10;
    internal const int Export = 11;
    internal const int Completed = 12;
    internal const int InvoiceJson = 13;

    public string OrderId { get; init; } = "order_id";

    public string MerchantId { get; init; } = "merchant_id";

    public string PromoterId { get; init; } = "promoter_id";

    public string CarrierId { get; init; } = "carrier_id";

    public string BuyerCountry { get; init; } = "buyer_country";

    public string CategoryName { get; init; } = "category";

    public string Currency { get; init; } = "currency";

    public string GrossAmount { get; init; } = "gross_amount";

    public string ShippingAmount { get; init; } = "shipping_amount";

    public string RefundedAmount { get; init; } = "refunded_amount";

    public string Status { get; init; } = "status";

    public string ExportRefund { get; init; } = "export_refund";

    public string CompletedAt { get; init; } = "completed_at";

    public string Invoice { get; init; } = "invoice";

    /// <summary>The columns by the numbers above; the key is 0.</summary>
    internal IReadOnlyList<string> InOrder =>
    [
        OrderId, MerchantId, PromoterId, CarrierId, BuyerCountry, CategoryName, Currency, GrossAmount, ShippingAmount, RefundedAmount, Status, ExportRefund,
        CompletedAt, Invoice,
    ];

    /// <summary>Without these no order can be settled.</summary>
    internal IReadOnlyList<string> Needed => [OrderId, MerchantId, BuyerCountry, Currency, GrossAmount, Status, CompletedAt];

    /// <summary>Columns that the table must have: a row that lacks a value in one of them but <c>completed_at</c> cannot be read, as money that cannot be known is not zero.</summary>
    internal IReadOnlyList<string> Present => [.. Needed, ShippingAmount, RefundedAmount];
}
