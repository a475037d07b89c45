using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>An authority that issues certificates for a test.</summary>
sealed class TestAuthority : IDisposable
{
    /// <summary>Of the certificates' files.</summary>
    public const string Password = "p12-word";

    const int KeyBits = 2048;

    readonly DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1);
    readonly RSA key = RSA.Create(KeyBits);

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Certificate = request.CreateSelfSigned(from, from.AddDays(30));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate with its key, as PKCS#12.</summary>
    public byte[] Issue(string name, string host = "localhost")
    {
        using var own = RSA.Create(KeyBits);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var hosts = new SubjectAlternativeNameBuilder();
        hosts.AddDnsName(host);
        request.CertificateExtensions.Add(hosts.Build());
        using var issued = request.Create(Certificate, from, from.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(own);
        return whole.Export(X509ContentType.Pkcs12, Password);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
