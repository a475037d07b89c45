using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSettle.Streams.Kafka.Members;

/// <summary>What an instance says of itself in the members topic, under its id: all of it in each record, so the last one counts.</summary>
/// <param name="OpenedAt">When it was opened, µs since the epoch: tells a restarted instance from what it was before.</param>
/// <param name="Left">It has stopped in good order and has given everything up.</param>
internal sealed record MemberRecord(long OpenedAt, string? AdvertisedUrl, bool Left, IReadOnlyList<MemberThread> Threads)
{
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, MemberJson.Default.MemberRecord);

    /// <summary>Null for what is none, such as of a later version.</summary>
    public static MemberRecord? TryDecode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, MemberJson.Default.MemberRecord) is { Threads: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One stream thread.</summary>
/// <param name="TransactionalId">Whoever takes its partitions over without having been given them ends its open transaction by this.</param>
/// <param name="Partitions">Indexes of the lead topic that are its own.</param>
/// <param name="Stores">Stores that it has open, with their partitions: what a standby follows.</param>
internal sealed record MemberThread(string Group, string TransactionalId, IReadOnlyList<int> Partitions, IReadOnlyDictionary<string, IReadOnlyList<int>> Stores);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Default, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MemberRecord))]
internal sealed partial class MemberJson : JsonSerializerContext;
