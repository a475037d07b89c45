namespace StreamSettle.Sandbox.Shop;

/// <summary>A row of <c>merchants</c>, and what the merchant charges in.</summary>
internal sealed record ShopMerchant(long Id, string Name, string Tier, Country Country);

/// <summary>A row of <c>promoters</c>; a parent's id is always smaller, so that rows can be inserted in order.</summary>
internal sealed record ShopPromoter(long Id, long? ParentId, string Name);
