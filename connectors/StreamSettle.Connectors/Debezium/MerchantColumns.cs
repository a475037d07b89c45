namespace StreamSettle.Connectors.Debezium;

/// <summary>What the shop calls the columns of its merchants; the defaults are those of <c>contract/source.sql</c>.</summary>
public sealed record MerchantColumns
{
    internal const int TierLabel = 1;
    internal const int CountryCode = 2;
    internal const int Zone = 3;

    public string MerchantId { get; init; } = "merchant_id";

    public string Tier { get; init; } = "tier";

    public string Country { get; init; } = "country";

    public string TimeZone { get; init; } = "time_zone";

    internal IReadOnlyList<string> InOrder => [MerchantId, Tier, Country, TimeZone];
}
