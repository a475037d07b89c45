using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Encryption;

/// <summary>A configured key by which merchants' keys are wrapped. It encrypts nothing else, and is never stored beside them.</summary>
public sealed class MasterKey
{
    /// <summary>AES-256.</summary>
    public const int Bytes = 32;

    /// <summary>Longest name.</summary>
    public const int MaxIdLength = 64;

    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly byte[] key;

    MasterKey(string id, byte[] key) => (Id, this.key) = (id, key);

    /// <summary>Its name in the event log; another key gets another one.</summary>
    public string Id { get; }

    static ReadOnlySpan<byte> Domain => "streamsettle.data-key.1"u8;

    /// <param name="text">32 bytes as Base64; blanks around them do not matter.</param>
    /// <exception cref="UserMistakeException">It is no key, or the name cannot be one. The message shows nothing of the key.</exception>
    public static MasterKey Read(string id, string text)
    {
        if (id.Length is 0 or > MaxIdLength || id.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')))
        {
            throw new UserMistakeException($"The name of a master key must be 1 to {MaxIdLength} letters, digits, '-', '_' or '.', but is '{id}'.");
        }

        var bytes = new byte[Bytes + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == Bytes
            ? new(id, bytes[..Bytes])
            : throw new UserMistakeException($"The master key '{id}' cannot be read: it must be {Bytes} random bytes as Base64, on one line. Make one: openssl rand -base64 {Bytes} > FILE");
    }

    /// <summary>The same name and the same bytes.</summary>
    public bool IsSameAs(MasterKey other) => Id == other.Id && CryptographicOperations.FixedTimeEquals(key, other.key);

    /// <returns><code>nonce(12) | AES-256-GCM of the secret | tag(16)</code></returns>
    /// <param name="fill">Fills the nonce, with randomness that nobody can tell: a name is wrapped anew at each rotation.</param>
    internal byte[] Wrap(ReadOnlySpan<byte> secret, in DataKeyName name, Action<byte[]> fill)
    {
        var nonce = new byte[NonceBytes];
        fill(nonce);
        var wrapped = new byte[NonceBytes + secret.Length + TagBytes];
        nonce.CopyTo(wrapped, 0);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, secret, wrapped.AsSpan(NonceBytes, secret.Length), wrapped.AsSpan(NonceBytes + secret.Length), Bound(name));
        return wrapped;
    }

    /// <summary>Null where it was wrapped by other bytes or for another name, or was altered.</summary>
    internal byte[]? Unwrap(ReadOnlySpan<byte> wrapped, in DataKeyName name)
    {
        if (wrapped.Length != NonceBytes + DataKey.SecretBytes + TagBytes)
        {
            return null;
        }

        var secret = new byte[DataKey.SecretBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], secret, Bound(name));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>A wrapped key that is put into another merchant's row opens nothing.</summary>
    byte[] Bound(in DataKeyName name)
    {
        var (id, merchant) = (Encoding.UTF8.GetBytes(Id), Encoding.UTF8.GetBytes(name.Merchant));
        var bound = new byte[Domain.Length + 16 + (3 * sizeof(int)) + id.Length + merchant.Length];
        var rest = bound.AsSpan();
        Domain.CopyTo(rest);
        name.Id.TryWriteBytes(rest[Domain.Length..], bigEndian: true, out _);
        rest = rest[(Domain.Length + 16)..];
        BinaryPrimitives.WriteInt32BigEndian(rest, name.Generation);
        BinaryPrimitives.WriteInt32BigEndian(rest[4..], id.Length);
        id.CopyTo(rest[8..]);
        BinaryPrimitives.WriteInt32BigEndian(rest[(8 + id.Length)..], merchant.Length);
        merchant.CopyTo(rest[(12 + id.Length)..]);
        return bound;
    }
}
