using System.Text;
using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>A row of <c>orders</c> as tests write it: amounts as the column's text.</summary>
sealed record ShopOrder(long Id)
{
    public long Merchant { get; init; } = TestBench.Merchant;

    public long? Promoter { get; init; } = 9001;

    public long? Carrier { get; init; } = 7;

    public string Country { get; init; } = "DE";

    public string? Category { get; init; }

    public string Currency { get; init; } = "EUR";

    public string Gross { get; init; } = "119.0000";

    public string Shipping { get; init; } = "10.0000";

    public string Refunded { get; init; } = "0.0000";

    public OrderStatus Status { get; init; } = OrderStatus.Completed;

    public bool ExportRefund { get; init; }

    public UtcInstant? CompletedAt { get; init; } = TestBench.Start;

    public string? Invoice { get; init; }

    /// <summary>Columns in whose place the record has Debezium's placeholder.</summary>
    public UnsentOrderColumns Unsent { get; init; }

    public OrderRow ToRow() => new()
    {
        Id = new(Id),
        Merchant = new(Merchant),
        Promoter = Promoter is { } promoter ? new PromoterId(promoter) : null,
        CarrierId = Carrier,
        BuyerCountry = Encoding.UTF8.GetBytes(Country),
        HasCategory = Category is not null,
        Category = Encoding.UTF8.GetBytes(Category ?? ""),
        Currency = Encoding.UTF8.GetBytes(Currency),
        Gross = Amount(Gross),
        Shipping = Amount(Shipping),
        Refunded = Amount(Refunded),
        Status = Status,
        ExportRefund = ExportRefund,
        CompletedAt = CompletedAt,
        Invoice = Encoding.UTF8.GetBytes(Invoice ?? ""),
        Unsent = Unsent,
    };

    static DecimalAmount Amount(string text) =>
        DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out var amount) ? amount : throw new ArgumentException($"'{text}' is no amount", nameof(text));
}
