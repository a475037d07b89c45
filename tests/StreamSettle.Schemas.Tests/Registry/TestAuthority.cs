using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>An authority that issues certificates for a test.</summary>
sealed class TestAuthority : IDisposable
{
    /// <summary>Of the certificates' files.</summary>
    public const string Password = "p12-word";

    const int KeyBits = 2048;

    readonly DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-9);
    readonly RSA key = RSA.Create(KeyBits);

    /// <param name="above">Who issues its certificate; null for itself.</param>
    public TestAuthority(string name, TestAuthority? above = null)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Certificate = above is null ? request.CreateSelfSigned(from, from.AddDays(30)) : request.Create(above.Certificate.SubjectName, above.Signer, from, from.AddDays(30), RandomNumberGenerator.GetBytes(8));
    }

    public X509Certificate2 Certificate { get; }

    X509SignatureGenerator Signer => X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);

    /// <summary>A certificate with its key, as PKCS#12.</summary>
    /// <param name="days">How long it is valid; it was issued nine days ago.</param>
    public byte[] Issue(string name, string host = "127.0.0.1", int days = 20)
    {
        using var own = RSA.Create(KeyBits);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var hosts = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            hosts.AddIpAddress(address);
        }
        else
        {
            hosts.AddDnsName(host);
        }

        request.CertificateExtensions.Add(hosts.Build());
        using var issued = request.Create(Certificate.SubjectName, Signer, from, from.AddDays(days), RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(own);
        return whole.Export(X509ContentType.Pkcs12, Password);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
