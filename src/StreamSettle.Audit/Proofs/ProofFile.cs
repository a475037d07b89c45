using System.Text.Json;
using System.Text.Json.Serialization;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Proofs;

/// <summary>
/// What <c>audit export</c> writes, and anybody can check without the platform: that an order's events were in the event log when it was sealed, or that a seal's events are the beginning of a later seal's. JSON.
/// </summary>
public sealed record ProofFile
{
    /// <summary><see cref="Format"/> of an order's events.</summary>
    public const string OfOrder = "streamsettle proof of an order 1";

    /// <summary><see cref="Format"/> of two seals.</summary>
    public const string OfSeals = "streamsettle proof of two seals 1";

    [JsonPropertyName("format")]
    public required string Format { get; init; }

    /// <summary>The seal that is proven by, as <see cref="SignedSeal"/> writes it.</summary>
    [JsonPropertyName("seal")]
    public required string Seal { get; init; }

    /// <summary>Of an order: its id.</summary>
    [JsonPropertyName("order")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Order { get; init; }

    /// <summary>Of an order: its events that the seal covers, by version.</summary>
    [JsonPropertyName("events")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProvenEvent>? Events { get; init; }

    /// <summary>Of an order: what notaries have testified to of its seal and of its events; null where there is nothing.</summary>
    [JsonPropertyName("notarisations")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProvenNotarisation>? Notarisations { get; init; }

    /// <summary>Of two seals: the older one.</summary>
    [JsonPropertyName("older")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Older { get; init; }

    /// <summary>Of two seals: what shows that the older one's tree is the beginning of the other's, in hexadecimal digits.</summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Path { get; init; }

    /// <exception cref="UserMistakeException">The text is no such file.</exception>
    /// <param name="place">Where it comes from, for the message.</param>
    public static ProofFile Read(string text, string place)
    {
        try
        {
            var file = JsonSerializer.Deserialize(text, ProofJson.Default.ProofFile);
            if (file is { Format: OfOrder, Order: not null, Events: not null } or { Format: OfSeals, Older: not null, Path: not null })
            {
                return file;
            }
        }
        catch (JsonException unreadable)
        {
            throw new UserMistakeException($"{place} is no proof: {unreadable.Message}", unreadable);
        }

        throw new UserMistakeException($"{place} is no proof: it must be what 'streamsettle audit export' writes, with the format '{OfOrder}' or '{OfSeals}'.");
    }

    public override string ToString() => JsonSerializer.Serialize(this, ProofJson.Default.ProofFile);
}

// By metadata: the generated fast way writes bytes that are null as an empty text, and a leaf tells the two apart.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, WriteIndented = true, NewLine = "\n", RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProofFile))]
sealed partial class ProofJson : JsonSerializerContext;
