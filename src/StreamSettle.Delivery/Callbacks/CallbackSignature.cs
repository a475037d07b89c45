using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Callbacks;

/// <summary>
/// The header <c>X-Signature: t=&lt;epoch seconds&gt;,v1=&lt;hex HMAC-SHA256 of "t.body"&gt;</c> (contract/downstreams.md, "Callbacks"): over the bytes of the body as they came. Several
/// <c>v1</c> may be given, of which one has to be good; parts of other names are passed over. Pure; a comparison takes the same time whatever is wrong.
/// </summary>
public static class CallbackSignature
{
    /// <summary>The header.</summary>
    public const string Header = "X-Signature";

    /// <summary>How far the instant of signing may lie from ours, either way.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    const int MaxLength = 2_048;
    const int MaxDigits = 15;
    const string TimeName = "t";
    const string DigestName = "v1";

    /// <param name="header">As it came; null for none.</param>
    /// <param name="body">Its bytes as they came.</param>
    public static SignatureVerdict Verify(string? header, ReadOnlySpan<byte> body, CallbackSecrets secrets, UtcInstant now)
    {
        if (header is null || header.Length > MaxLength || !TryRead(header, out var signedAt, out var digests))
        {
            return SignatureVerdict.Bad;
        }

        var isGood = false;
        foreach (var secret in secrets.Current())
        {
            var expected = Digest(secret, signedAt, body);
            foreach (var digest in digests)
            {
                isGood |= CryptographicOperations.FixedTimeEquals(expected, digest);
            }
        }

        if (!isGood)
        {
            return SignatureVerdict.Bad;
        }

        var age = now - new UtcInstant(long.Parse(signedAt, CultureInfo.InvariantCulture) * 1_000_000);
        return age <= Freshness && age >= -Freshness ? SignatureVerdict.Good : SignatureVerdict.Stale;
    }

    /// <summary>The header of a callback that is made now.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, UtcInstant now)
    {
        var signedAt = (now.Microseconds / 1_000_000).ToString(CultureInfo.InvariantCulture);
        return $"{TimeName}={signedAt},{DigestName}={Convert.ToHexStringLower(Digest(secret, signedAt, body))}";
    }

    static byte[] Digest(ReadOnlySpan<byte> secret, string signedAt, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes($"{signedAt}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    static bool TryRead(string header, out string signedAt, out List<byte[]> digests)
    {
        (signedAt, digests) = ("", []);
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (part, "") : (part[..at], part[(at + 1)..]);
            if (name == TimeName)
            {
                // A second one would leave open which of them was signed.
                if (signedAt.Length > 0 || value.Length is 0 or > MaxDigits || !value.All(char.IsAsciiDigit))
                {
                    return false;
                }

                signedAt = value;
            }
            else if (name == DigestName && value.Length == 2 * SHA256.HashSizeInBytes && value.All(char.IsAsciiHexDigit))
            {
                digests.Add(Convert.FromHexString(value));
            }
        }

        return signedAt.Length > 0 && digests.Count > 0;
    }
}
