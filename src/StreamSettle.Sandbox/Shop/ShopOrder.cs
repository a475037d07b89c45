namespace StreamSettle.Sandbox.Shop;

/// <summary>An order as the shop means it, before anything happens to it. Amounts in major units.</summary>
internal sealed record ShopOrder
{
    public required long Id { get; init; }

    public required long MerchantId { get; init; }

    public long? PromoterId { get; init; }

    public long? CarrierId { get; init; }

    public required string BuyerCountry { get; init; }

    public string? Category { get; init; }

    public required string Currency { get; init; }

    public required decimal Gross { get; init; }

    public required decimal Shipping { get; init; }

    /// <summary>Decimals of the currency.</summary>
    public required int Digits { get; init; }

    public bool ExportRefund { get; init; }

    /// <summary>JSON text.</summary>
    public string? Invoice { get; init; }

    public required OrderFate Fate { get; init; }

    /// <summary>Passes every status one by one.</summary>
    public bool FullLife { get; init; }
}
