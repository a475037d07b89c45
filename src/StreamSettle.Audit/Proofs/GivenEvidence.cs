using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Proofs;

/// <summary>What a notary gave.</summary>
/// <param name="Notary">Its name.</param>
/// <param name="Evidence">In its own form: a time stamp's token as base64, or where a transaction is, as JSON.</param>
public sealed record GivenEvidence([property: JsonPropertyName("notary")] string Notary, [property: JsonPropertyName("evidence")] string Evidence);
