namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>A row of <c>merchants</c>.</summary>
public sealed record SourceMerchant(long Id, string Tier);
