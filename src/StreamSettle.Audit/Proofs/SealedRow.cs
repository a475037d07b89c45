using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Proofs;

/// <summary>An event as it stands in <c>mt_events</c>, in a form for people from which the leaf's bytes can be made again.</summary>
/// <remarks>
/// A leaf's entry is these columns in this order, each as four bytes of length, big-endian (-1: null), and its bytes as PostgreSQL's binary format has them:
/// <code>
/// seq_id          8 bytes, big-endian
/// id              16 bytes
/// stream_id       UTF-8
/// version         8 bytes, big-endian
/// data            UTF-8: jsonb's text
/// bdata           as it is
/// type            UTF-8
/// timestamp       microseconds since 2000-01-01T00:00:00Z, 8 bytes, big-endian
/// tenant_id       UTF-8
/// mt_dotnet_type  UTF-8
/// is_archived     1 byte, 0 or 1
/// </code>
/// Held against the server's own bytes: <c>OrderProofTests</c>.
/// </remarks>
public sealed record SealedRow
{
    const long Epoch2000 = 946_684_800_000_000;

    [JsonPropertyName("seq_id")]
    public required long Sequence { get; init; }

    [JsonPropertyName("id")]
    public required Guid Id { get; init; }

    [JsonPropertyName("stream_id")]
    public required string? StreamId { get; init; }

    [JsonPropertyName("version")]
    public required long Version { get; init; }

    /// <summary>Its text to the letter: white space and order of keys are hashed too.</summary>
    [JsonPropertyName("data")]
    public required string Data { get; init; }

    [JsonPropertyName("bdata")]
    public required byte[]? BinaryData { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>With six digits of a second: <c>2026-11-29T05:00:00.000000Z</c>.</summary>
    [JsonPropertyName("timestamp")]
    public required string Timestamp { get; init; }

    [JsonPropertyName("tenant_id")]
    public required string? TenantId { get; init; }

    [JsonPropertyName("mt_dotnet_type")]
    public required string? DotnetType { get; init; }

    [JsonPropertyName("is_archived")]
    public required bool? IsArchived { get; init; }

    /// <summary>As <see cref="Timestamp"/> has it.</summary>
    public static string Text(UtcInstant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null where <see cref="Timestamp"/> is no instant.</summary>
    public TreeHash? Leaf() => UtcInstant.TryParse(Timestamp, out var at) ? TreeHash.Leaf(Entry(at)) : null;

    /// <summary>Of a row as the server gave it.</summary>
    public TreeHash RequiredLeaf() => Leaf() ?? throw new BrokenInvariantException($"'{Timestamp}' of event {Sequence} is no time stamp");

    byte[] Entry(UtcInstant at)
    {
        using var entry = new MemoryStream();
        Add(Long(Sequence));
        Add(Id.ToByteArray(bigEndian: true));
        Add(Utf8(StreamId));
        Add(Long(Version));
        Add(Utf8(Data));
        Add(BinaryData);
        Add(Utf8(Type));
        Add(Long(at.Microseconds - Epoch2000));
        Add(Utf8(TenantId));
        Add(Utf8(DotnetType));
        Add(IsArchived is { } archived ? [archived ? (byte)1 : (byte)0] : null);
        return entry.ToArray();

        void Add(byte[]? field)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, field?.Length ?? -1);
            entry.Write(length);
            entry.Write(field);
        }
    }

    static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    static byte[] Long(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
