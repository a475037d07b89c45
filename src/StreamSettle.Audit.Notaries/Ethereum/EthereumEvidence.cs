using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Notaries.Ethereum;

/// <summary>What is kept of a transaction, as JSON; members that are not known yet are left out.</summary>
sealed record EthereumEvidence
{
    [JsonPropertyName("chainId")]
    public required long ChainId { get; init; }

    [JsonPropertyName("account")]
    public required string Account { get; init; }

    [JsonPropertyName("nonce")]
    public required long Nonce { get; init; }

    /// <summary>The newest block before it was sent: it can be in none up to there.</summary>
    [JsonPropertyName("after")]
    public required long After { get; init; }

    [JsonPropertyName("transaction")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Transaction { get; init; }

    [JsonPropertyName("block")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Block { get; init; }

    [JsonPropertyName("blockHash")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BlockHash { get; init; }

    /// <summary>Null for what is none.</summary>
    public static EthereumEvidence? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, EthereumJson.Default.EthereumEvidence);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, EthereumJson.Default.EthereumEvidence);
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EthereumEvidence))]
sealed partial class EthereumJson : JsonSerializerContext;
