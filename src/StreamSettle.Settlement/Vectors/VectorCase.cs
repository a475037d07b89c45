using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Facts;

namespace StreamSettle.Settlement.Vectors;

/// <summary>A case of a JSONL file: an order with all that bears on it, and the refunds that arrive later.</summary>
internal sealed record VectorCase
{
    public required string Name { get; init; }

    /// <summary>Folder under <c>rules/</c>.</summary>
    public required string Rules { get; init; }

    public required MerchantId MerchantId { get; init; }

    public PromoterId? Promoter { get; init; }

    public long? CarrierId { get; init; }

    public required byte[] BuyerCountry { get; init; }

    public byte[]? Category { get; init; }

    public required byte[] Currency { get; init; }

    public required DecimalAmount Gross { get; init; }

    public required DecimalAmount Shipping { get; init; }

    public required DecimalAmount Refunded { get; init; }

    public bool ExportRefund { get; init; }

    public required UtcInstant CompletedAt { get; init; }

    /// <summary>Null where the case has no merchant.</summary>
    public byte[]? Tier { get; init; }

    public required PromoterRows Promoters { get; init; }

    /// <summary>Cumulative refunds after the settlement; null where the case has no <c>refunds</c>.</summary>
    public IReadOnlyList<VectorRefund>? Refunds { get; init; }

    public MerchantFacts Merchant => Tier is null ? MerchantFacts.None : MerchantFacts.Of(Tier);

    public OrderFacts Order => new()
    {
        Merchant = MerchantId,
        Promoter = Promoter,
        CarrierId = CarrierId,
        BuyerCountry = BuyerCountry,
        Category = Category,
        HasCategory = Category is not null,
        Currency = Currency,
        Gross = Gross,
        Shipping = Shipping,
        Refunded = Refunded,
        ExportRefund = ExportRefund,
        CompletedAt = CompletedAt,
    };
}
