using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StreamSettle.Audit.Encryption;

/// <summary>A merchant's key: encrypts fields of its orders' events, the same field to the same bytes. <see cref="Encrypt"/> is for one thread at a time.</summary>
/// <remarks>
/// AES-256-GCM under a nonce that is made from what it encrypts, as in SIV modes:
/// <code>
/// encrypting key, nonce key = HKDF-Expand-SHA256(secret, "streamsettle.data-key.1 encrypt" | "... nonce")
/// bound  = field("streamsettle.field.1") | key id(16) | order(8, BE) | event id(16) | field(member) | field(readable beginning)   field(x) = length(4, BE) | x
/// nonce  = the first 12 bytes of HMAC-SHA256(nonce key, bound | plaintext)
/// sealed = nonce | AES-256-GCM(encrypting key, nonce, plaintext, associated data = bound) | tag(16)
/// </code>
/// Two writers of an event write the same bytes, so exactly-once and seals need no memory of what was written. A nonce comes twice only for the same field of the same event with the
/// same text, which shows nothing, or by a collision of 96 bits: one in 2^33 among 2^32 fields of a merchant. Golden bytes: <c>DataKeyTests</c>.
/// </remarks>
internal sealed class DataKey : IDisposable
{
    /// <summary>What is wrapped.</summary>
    public const int SecretBytes = 32;

    /// <summary>What an encrypted text is longer than it was.</summary>
    public const int Overhead = NonceBytes + TagBytes;

    const int NonceBytes = 12;
    const int TagBytes = 16;
    const int FixedBytes = 16 + sizeof(long) + 16 + (3 * sizeof(int));
    const int StackBytes = 1024;

    readonly byte[] encrypting;
    readonly byte[] nonces;
    readonly AesGcm aes;

    public DataKey(Guid id, ReadOnlySpan<byte> secret)
    {
        Id = id;
        (encrypting, nonces) = (new byte[SecretBytes], new byte[SecretBytes]);
        HKDF.Expand(HashAlgorithmName.SHA256, secret, encrypting, "streamsettle.data-key.1 encrypt"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, secret, nonces, "streamsettle.data-key.1 nonce"u8);
        aes = new(encrypting, TagBytes);
    }

    public Guid Id { get; }

    static ReadOnlySpan<byte> Domain => "streamsettle.field.1"u8;

    /// <param name="destination"><see cref="Overhead"/> longer than <paramref name="text"/>.</param>
    public void Encrypt(in FieldPlace place, ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var boundLength = BoundLength(place);
        var all = boundLength + text.Length;
        var input = all <= StackBytes ? stackalloc byte[StackBytes] : new byte[all];
        WriteBound(place, input);
        text.CopyTo(input[boundLength..]);

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(nonces, input[..all], hash);
        hash[..NonceBytes].CopyTo(destination);
        aes.Encrypt(
            destination[..NonceBytes], text, destination.Slice(NonceBytes, text.Length), destination.Slice(NonceBytes + text.Length, TagBytes), input[..boundLength]);
    }

    /// <summary>The text; null where it was altered, or stands at another place than it was written for.</summary>
    public byte[]? Decrypt(in FieldPlace place, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length < Overhead)
        {
            return null;
        }

        var bound = new byte[BoundLength(place)];
        WriteBound(place, bound);
        var text = new byte[encrypted.Length - Overhead];
        using var own = new AesGcm(encrypting, TagBytes);
        try
        {
            own.Decrypt(encrypted[..NonceBytes], encrypted[NonceBytes..^TagBytes], encrypted[^TagBytes..], text, bound);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => aes.Dispose();

    static int BoundLength(in FieldPlace place) => FixedBytes + Domain.Length + place.Member.Length + place.Beginning.Length;

    void WriteBound(in FieldPlace place, Span<byte> to)
    {
        to = Field(to, Domain);
        Id.TryWriteBytes(to, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(to[16..], place.Order.Value);
        place.Event.TryWriteBytes(to[(16 + sizeof(long))..], bigEndian: true, out _);
        to = to[(16 + sizeof(long) + 16)..];
        BinaryPrimitives.WriteInt32BigEndian(to, place.Member.Length);
        System.Text.Encoding.ASCII.GetBytes(place.Member, to[sizeof(int)..]);
        Field(to[(sizeof(int) + place.Member.Length)..], place.Beginning);
    }

    static Span<byte> Field(Span<byte> to, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, value.Length);
        value.CopyTo(to[sizeof(int)..]);
        return to[(sizeof(int) + value.Length)..];
    }
}
