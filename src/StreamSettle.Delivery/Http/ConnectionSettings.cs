using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Http;

/// <summary>How connections to a system are kept.</summary>
internal static class ConnectionSettings
{
    // Often enough that a moved name is noticed, seldom enough to cost nothing.
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    // A kept HTTP/2 connection into nowhere (a firewall that forgot it) would lose every request until its lifetime is over. Servers bear a ping in this time.
    static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    internal static SocketsHttpHandler Handler(DownstreamOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = options.Concurrency,
            PooledConnectionLifetime = Lifetime,
            PooledConnectionIdleTimeout = IdleTime,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingAfter,
            KeepAlivePingTimeout = options.Timeout > TimeSpan.FromSeconds(1) ? options.Timeout : TimeSpan.FromSeconds(1),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectTimeout = options.Timeout,
            MaxResponseDrainSize = 0,
        };
        if (options.ClientCertificate is { } path)
        {
            handler.SslOptions.ClientCertificates = [ReadCertificate(path, options.ClientCertificatePasswordFile)];
        }

        return handler;
    }

    static X509Certificate2 ReadCertificate(string path, string? passwordFile)
    {
        try
        {
            var password = passwordFile is null ? null : File.ReadAllText(passwordFile).TrimEnd('\r', '\n');
            return X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12
                ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is null ? X509Certificate2.CreateFromPemFile(path) : X509Certificate2.CreateFromEncryptedPemFile(path, password);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserMistakeException($"The client certificate '{path}' cannot be read: {failure.Message} Give a PEM file with certificate and key, or a PKCS#12 file.", failure);
        }
    }
}
