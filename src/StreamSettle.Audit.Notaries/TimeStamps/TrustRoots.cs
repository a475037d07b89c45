using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Notaries.TimeStamps;

/// <summary>The certificates by which a time-stamp authority is trusted, and no others: what the machine trusts does not count.</summary>
public sealed class TrustRoots : IDisposable
{
    /// <summary>Extended key usage of who may sign time stamps (RFC 3161, 2.3).</summary>
    const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    const int MaxFileBytes = 4 * 1024 * 1024;

    readonly X509Certificate2Collection roots;

    TrustRoots(X509Certificate2Collection roots) => this.roots = roots;

    /// <param name="file">PEM, one certificate or more.</param>
    /// <exception cref="UserMistakeException">It cannot be read, or has none.</exception>
    public static TrustRoots ReadFile(string file)
    {
        try
        {
            return new FileInfo(file).Length > MaxFileBytes ? throw new UserMistakeException($"'{file}' has no certificates to trust: it has more than {MaxFileBytes} bytes.") : Read(File.ReadAllText(file), $"'{file}'");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserMistakeException($"'{file}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <inheritdoc cref="ReadFile"/>
    /// <param name="place">Where it comes from, for the message.</param>
    public static TrustRoots Read(string pem, string place)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException unreadable)
        {
            throw new UserMistakeException($"{place} has no certificates to trust: {unreadable.Message}", unreadable);
        }

        return roots.Count > 0 ? new(roots) : throw new UserMistakeException($"{place} has no certificates to trust: it must have one or more as PEM, each between BEGIN CERTIFICATE and END CERTIFICATE.");
    }

    /// <summary>Why whoever signed is not trusted; null when it is. Revocation is not asked for: a check needs no network, and a list of today says little of a signature of years ago.</summary>
    /// <param name="among">Certificates that came along.</param>
    /// <param name="at">When it signed: a certificate that has expired since was good then.</param>
    internal string? Problem(X509Certificate2 signer, X509Certificate2Collection among, UtcInstant at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ExtraStore.AddRange(among);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(TimeStamping));
        chain.ChainPolicy.VerificationTime = at.ToDateTimeOffset().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        return Builds(chain, signer) ? null
            : $"the certificate of {signer.Subject} is not trusted by the configured roots: {string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct())}";
    }

    static bool Builds(X509Chain chain, X509Certificate2 signer)
    {
        try
        {
            return chain.Build(signer);
        }
        catch (CryptographicException)
        {
            // One that cannot even be looked at: what is known of why stands in the chain.
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var root in roots)
        {
            root.Dispose();
        }
    }
}
