using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Proofs;

/// <summary>An event with the proof that it is in the tree.</summary>
/// <param name="Place">Of its leaf.</param>
/// <param name="Path">The siblings from the leaf up to the head, in hexadecimal digits.</param>
/// <param name="Row">The event as it stands.</param>
public sealed record ProvenEvent(
    [property: JsonPropertyName("place")] long Place, [property: JsonPropertyName("path")] IReadOnlyList<string> Path, [property: JsonPropertyName("row")] SealedRow Row);
