using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Notaries.TimeStamps;

/// <summary>A time stamp of RFC 3161, checked by nothing but itself and trusted roots.</summary>
sealed class TimeStampToken
{
    /// <summary>SHA-256.</summary>
    const string HashAlgorithm = "2.16.840.1.101.3.4.2.1";

    readonly Rfc3161TimestampToken token;

    TimeStampToken(Rfc3161TimestampToken token) => this.token = token;

    public UtcInstant At => UtcInstant.From(token.TokenInfo.Timestamp);

    /// <summary>As a number: DER may write it with a leading zero.</summary>
    public BigInteger? Nonce => token.TokenInfo.GetNonce() is { } nonce ? new(nonce.Span, isUnsigned: true, isBigEndian: true) : null;

    public string Policy => token.TokenInfo.PolicyId.Value ?? "";

    /// <summary>Null where these bytes are no token, or have something behind it.</summary>
    public static TimeStampToken? Read(ReadOnlyMemory<byte> der) =>
        Rfc3161TimestampToken.TryDecode(der, out var token, out var read) && read == der.Length ? new(token) : null;

    /// <summary>Why it does not stand for the digest; null when it does.</summary>
    /// <param name="roots">Null where nobody is trusted: then only the signature is looked at, by the certificate that came along.</param>
    /// <param name="by">Who signed.</param>
    public string? Problem(TreeHash digest, TrustRoots? roots, out string by)
    {
        by = "";
        var hash = new byte[TreeHash.Size];
        digest.Write(hash);
        var info = token.TokenInfo;
        if (info.HashAlgorithmId.Value != HashAlgorithm || !info.GetMessageHash().Span.SequenceEqual(hash))
        {
            return $"the time stamp is of another digest: {Convert.ToHexStringLower(info.GetMessageHash().Span)}, and not {digest}";
        }

        var among = token.AsSignedCms().Certificates;
        X509Certificate2? signer;
        try
        {
            if (!token.VerifySignatureForHash(hash, HashAlgorithmName.SHA256, out signer, among))
            {
                return "the time stamp's signature does not hold by any certificate that came with it: it was altered, or its signer's certificate is missing or not one for time stamps";
            }
        }
        catch (CryptographicException broken)
        {
            return $"the time stamp's signature cannot be checked: {broken.Message}";
        }

        by = signer.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return roots?.Problem(signer, among, At);
    }
}
