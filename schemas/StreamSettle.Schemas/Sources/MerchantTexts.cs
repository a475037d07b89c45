namespace StreamSettle.Schemas.Sources;

/// <summary>The texts of a merchant as the shop has them now; as <see cref="OrderTexts"/>.</summary>
public sealed record MerchantTexts(byte[]? Tier, byte[]? Country, byte[]? TimeZone);
