using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Events;

/// <summary>An event's id follows from what it is, so that a replay gives the same one: UUIDv8 (RFC 9562) from SHA-256.</summary>
/// <remarks>
/// <code>
/// sha256( field("streamsettle.event-id.1") | field(stream, decimal) | field(alias) | field(cause) )   field(x) = length(4, BE) | x in UTF-8
/// the first 16 bytes, high nibble of byte 6 = 8 (version), two high bits of byte 8 = 10 (variant)
/// </code>
/// Golden values: <c>EventIdsTests</c>.
/// </remarks>
public static class EventIds
{
    const int VersionAt = 6;
    const int VariantAt = 8;
    const int StackBytes = 512;
    const int MaxStreamDigits = 20;

    static ReadOnlySpan<byte> Domain => "streamsettle.event-id.1"u8;

    /// <param name="cause">Unique within the stream and the kind, UTF-8.</param>
    public static Guid Derive(OrderId stream, EventKind kind, ReadOnlySpan<byte> cause)
    {
        var alias = kind.Alias();
        Span<byte> streamId = stackalloc byte[MaxStreamDigits];
        stream.Value.TryFormat(streamId, out var digits, provider: System.Globalization.CultureInfo.InvariantCulture);
        var size = 4 * sizeof(int) + Domain.Length + digits + alias.Length + cause.Length;
        var input = size <= StackBytes ? stackalloc byte[StackBytes] : new byte[size];

        var rest = Field(input, Domain);
        rest = Field(rest, streamId[..digits]);
        rest = Field(rest, alias);
        Field(rest, cause);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..size], hash);
        hash[VersionAt] = (byte)((hash[VersionAt] & 0x0F) | 0x80);
        hash[VariantAt] = (byte)((hash[VariantAt] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <inheritdoc cref="Derive(OrderId, EventKind, ReadOnlySpan{byte})"/>
    public static Guid Derive(OrderId stream, EventKind kind, string cause) => Derive(stream, kind, Encoding.UTF8.GetBytes(cause));

    static Span<byte> Field(Span<byte> destination, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, value.Length);
        value.CopyTo(destination[sizeof(int)..]);
        return destination[(sizeof(int) + value.Length)..];
    }

    static Span<byte> Field(Span<byte> destination, string ascii)
    {
        var length = Encoding.ASCII.GetBytes(ascii, destination[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(destination, length);
        return destination[(sizeof(int) + length)..];
    }
}
