using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Proofs;

/// <summary>A notarisation with what notaries gave for it.</summary>
/// <param name="Statement">As <see cref="Notaries.Notarisation"/> writes it.</param>
/// <param name="Given">By notary.</param>
public sealed record ProvenNotarisation([property: JsonPropertyName("statement")] string Statement, [property: JsonPropertyName("given")] IReadOnlyList<GivenEvidence> Given);
