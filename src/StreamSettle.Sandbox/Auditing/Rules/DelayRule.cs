namespace StreamSettle.Sandbox.Auditing.Rules;

/// <summary>A rule of <c>delays</c>: matches when all that it names equals the order's.</summary>
internal sealed record DelayRule(long? MerchantId, string? Category, string? Tier, string? Country, string? Currency, TimeSpan Delay)
{
    /// <summary>The contract's weights.</summary>
    public int Weight => (MerchantId is null ? 0 : 16) + (Category is null ? 0 : 8) + (Tier is null ? 0 : 4) + (Country is null ? 0 : 2) + (Currency is null ? 0 : 1);

    public bool Matches(long merchantId, string? category, string? tier, string country, string currency) =>
        (MerchantId is null || MerchantId == merchantId)
        && (Category is null || Category == category)
        && (Tier is null || Tier == tier)
        && (Country is null || Country == country)
        && (Currency is null || Currency == currency);
}
