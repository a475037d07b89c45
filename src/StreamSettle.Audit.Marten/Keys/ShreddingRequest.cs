namespace StreamSettle.Audit.Marten.Keys;

/// <summary>What is asked of a shredding.</summary>
/// <param name="Merchant">Decimal, or <c>none</c> for what no merchant was known of.</param>
public sealed record ShreddingRequest(string Merchant, string By, string Reason, string Request);
