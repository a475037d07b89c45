using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Names = Confluent.SchemaRegistry.SchemaRegistryConfig.PropertyNames;

namespace StreamSettle.Schemas.Registry.Trust;

/// <summary>Whom a registry behind TLS is believed by, and the certificate that we show it. Read once, from the files that the options name.</summary>
internal sealed class RegistryTrust
{
    const string Section = "SchemaRegistry";

    readonly X509Certificate2Collection authorities;
    readonly X509Certificate2? own;
    readonly SslStreamCertificateContext? shown;
    readonly bool isChecked;
    readonly bool isSpoken;

    RegistryTrust(X509Certificate2Collection authorities, X509Certificate2Collection ours, IReadOnlyDictionary<string, string> client)
    {
        this.authorities = authorities;
        isChecked = client.GetValueOrDefault(Names.EnableSslCertificateVerification) is not { } flag || !bool.TryParse(flag, out var wanted) || wanted;
        isSpoken = client.GetValueOrDefault(Names.SchemaRegistryUrl, "").Contains(Uri.UriSchemeHttps + Uri.SchemeDelimiter, StringComparison.OrdinalIgnoreCase);
        own = ours.SingleOrDefault(certificate => certificate.HasPrivateKey);
        shown = own is null ? null : SslStreamCertificateContext.Create(own, ours, offline: true);
    }

    /// <summary>Reads the certificates.</summary>
    /// <param name="problem">Every file that cannot be used, with its key; never a password.</param>
    /// <returns>Null where there is a problem.</returns>
    public static RegistryTrust? Read(IReadOnlyDictionary<string, string> client, string section, out string? problem)
    {
        var (authorities, ours) = (new X509Certificate2Collection(), new X509Certificate2Collection());
        problem = client.TryGetValue(Names.SslCaLocation, out var ca) ? Problem(() => ReadAuthorities(ca, authorities), $"{section}:SslCaLocation", ca, "certificates in PEM") : null;
        if (problem is null && client.TryGetValue(Names.SslKeystoreLocation, out var store))
        {
            problem = Problem(
                () => ReadOwn(store, client.GetValueOrDefault(Names.SslKeystorePassword), ours),
                $"{section}:SslKeystoreLocation", store, $"one certificate with its private key in PKCS#12, which {section}:SslKeystorePassword opens");
        }

        return problem is null ? new(authorities, ours, client) : null;
    }

    /// <summary>As the client of HTTP wants it. A host must be named by its certificate, and this be of an authority that is trusted: those of the options alone, where they name some, else the machine's.</summary>
    public SslClientAuthenticationOptions Options() => new()
    {
        ClientCertificateContext = shown,
        CertificateChainPolicy = authorities.Count == 0 ? null : Policy(),
        RemoteCertificateValidationCallback = isChecked ? null : static (_, _, _, _) => true,
    };

    /// <summary>What a failure of TLS means and who can mend it, to be put behind its message; empty for any other failure.</summary>
    public string Meaning(Exception failure)
    {
        var said = isSpoken ? TlsFailure.Of(failure) : TlsProblem.None;
        var trusted = authorities.Count == 0 ? "this machine trusts" : $"is in {Section}:SslCaLocation";
        return string.Concat(
            said.HasFlag(TlsProblem.Authority) ? $" Its certificate is of no authority that {trusted}: let {Section}:SslCaLocation name the certificate of the root that issued it." : "",
            said.HasFlag(TlsProblem.Time) ? " Its certificate has expired or is not valid yet: renew it, or correct the clock of this machine." : "",
            said.HasFlag(TlsProblem.Host) ? $" Its certificate names other hosts: let {Section}:Url name it as its certificate does." : "",
            said.HasFlag(TlsProblem.Ours) ? Ours() : "");
    }

    string Ours() => own is null
        ? $" If it wants a certificate of ours, let {Section}:SslKeystoreLocation name one."
        : $" Does it take our certificate {own.Subject} of {own.Issuer}, valid until {own.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC ({Section}:SslKeystoreLocation)?";

    X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        return policy;
    }

    static void ReadAuthorities(string path, X509Certificate2Collection authorities)
    {
        authorities.ImportFromPemFile(path);
        if (authorities.Count == 0)
        {
            // One alone may be in DER, as with Confluent's client.
            authorities.Add(X509CertificateLoader.LoadCertificateFromFile(path));
        }
    }

    static void ReadOwn(string path, string? password, X509Certificate2Collection ours)
    {
        ours.AddRange(X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password));
        var keys = ours.Count(certificate => certificate.HasPrivateKey);
        if (keys != 1)
        {
            throw new CryptographicException($"it has {keys} private keys");
        }
    }

    static string? Problem(Action read, string key, string path, string rule)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"{key} must be a file of {rule}, but {path} cannot be used: {failure.Message.TrimEnd('.')}.";
        }
    }
}
