namespace StreamSettle.Sandbox.Shop;

/// <summary>Something that happens to an order later. What is null stays as it is.</summary>
/// <param name="AtUs">When, in microseconds of the shop's own clock (time since its start).</param>
internal sealed record OrderEdit(long AtUs, long OrderId)
{
    public string? Status { get; init; }

    /// <summary>Cumulative, major units.</summary>
    public decimal? Refunded { get; init; }

    public decimal? Gross { get; init; }

    public long? PromoterId { get; init; }

    public long? MerchantId { get; init; }

    public bool Delete { get; init; }

    /// <summary>The primary key changes to this.</summary>
    public long? NewId { get; init; }
}
