using System.Security.Cryptography;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Proofs;

/// <summary>A key of seals: ECDSA on P-256 with SHA-256. A signature is r and s, 32 bytes each, big-endian. Whoever rotates keys gives the new one another name.</summary>
public sealed class SealKey : IDisposable
{
    /// <summary>Longest name.</summary>
    public const int MaxIdLength = 64;

    const string Curve = "1.2.840.10045.3.1.7";

    readonly ECDsa key;

    SealKey(string? id, ECDsa key, bool maySign) => (Id, this.key, MaySign) = (id ?? Fingerprint(key), key, maySign);

    public string Id { get; }

    /// <summary>It is the private key and not only its public half.</summary>
    public bool MaySign { get; }

    /// <param name="id">Null for the first 16 hexadecimal digits of the SHA-256 of its public half (as <c>openssl ec -pubout -outform DER</c> writes it): then a rotated key has another name by itself.</param>
    /// <param name="pem">A private key (<c>PRIVATE KEY</c>, <c>EC PRIVATE KEY</c>) or a public one (<c>PUBLIC KEY</c>).</param>
    /// <exception cref="UserMistakeException">It is none, or of another curve, or the name cannot be one. The message shows nothing of the key.</exception>
    public static SealKey Read(string? id, string pem)
    {
        if (id is not null && (id.Length is 0 or > MaxIdLength || id.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))))
        {
            throw new UserMistakeException($"The name of a seal key must be 1 to {MaxIdLength} letters, digits, '-', '_' or '.', but is '{id}'.");
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var isPrivate = !pem.Contains("PUBLIC KEY", StringComparison.Ordinal);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value;
            return curve == Curve ? new(id, key, isPrivate)
                : throw new UserMistakeException($"The seal key{Named(id)} must be on the curve P-256, but is on another one. Make one: openssl ecparam -name prime256v1 -genkey -noout -out FILE");
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new UserMistakeException($"The seal key{Named(id)} cannot be read: it must be one ECDSA key on P-256 as PEM, without a password. Make one: openssl ecparam -name prime256v1 -genkey -noout -out FILE", unreadable);
        }
        catch (UserMistakeException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <exception cref="BrokenInvariantException">The seal names another key, or this is a public one.</exception>
    public byte[] Sign(Seal seal) => MaySign && seal.Key == Id
        ? key.SignData(seal.Statement(), HashAlgorithmName.SHA256)
        : throw new BrokenInvariantException($"a seal of key '{seal.Key}' was to be signed by key '{Id}'");

    /// <summary>The half that auditors are given, as PEM.</summary>
    public string PublicPem() => key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Why the signature does not stand for the seal; null when it does.</summary>
    /// <param name="known">The keys that are trusted, the older ones among them.</param>
    public static string? Problem(Seal seal, ReadOnlySpan<byte> signature, IReadOnlyCollection<SealKey> known)
    {
        var named = known.FirstOrDefault(one => one.Id == seal.Key);
        return named is null ? $"seal {seal.Number} is signed by key '{seal.Key}', which is not among the known ones ({string.Join(", ", known.Select(one => one.Id).DefaultIfEmpty("none"))})"
            : named.key.VerifyData(seal.Statement(), signature, HashAlgorithmName.SHA256) ? null
            : $"seal {seal.Number} names key '{seal.Key}', but its signature is not that key's: the seal was altered, or another key has that name";
    }

    public void Dispose() => key.Dispose();

    static string Named(string? id) => id is null ? "" : $" '{id}'";

    static string Fingerprint(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
}
