namespace StreamSettle.Sandbox.Shop;

/// <summary>A row of <c>merchants</c>, and what the merchant charges in.</summary>
internal sealed record ShopMerchant(long Id, string Name, string Tier, Country Country);
