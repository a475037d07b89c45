using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>TLS before a server that speaks plainly, as a proxy of a registry ends it: bytes go to and fro, nothing is looked at.</summary>
sealed class TlsFront : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentQueue<string> callers = [];
    readonly SslStreamCertificateContext own;
    readonly TestAuthority? wanted;
    readonly int to;
    readonly Task serving;

    TlsFront(int to, SslStreamCertificateContext own, TestAuthority? wanted)
    {
        (this.to, this.own, this.wanted) = (to, own, wanted);
        listener.Start();
        serving = ServeAsync();
    }

    public string Url => $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Whose certificates were let in.</summary>
    public IReadOnlyCollection<string> Callers => callers;

    /// <param name="sent">What it sends of its chain beside its own certificate.</param>
    /// <param name="wanted">Who must have issued a caller's certificate; null for callers without one.</param>
    public static TlsFront Before(FakeRegistry registry, X509Certificate2 own, TestAuthority? wanted = null, params X509Certificate2[] sent) =>
        new(registry.Url.Port, SslStreamCertificateContext.Create(own, [.. sent], offline: true), wanted);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    async Task ServeAsync()
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                open.Add(PassAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    async Task PassAsync(TcpClient caller)
    {
        using var from = caller;
        await using var secure = new SslStream(from.GetStream());
        try
        {
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = own, ClientCertificateRequired = wanted is not null, RemoteCertificateValidationCallback = (_, certificate, _, _) => IsGood(certificate),
                },
                stop.Token);
            using var registry = new TcpClient();
            await registry.ConnectAsync(IPAddress.Loopback, to, stop.Token);
            var plain = registry.GetStream();
            await Task.WhenAny(secure.CopyToAsync(plain, stop.Token), plain.CopyToAsync(secure, stop.Token));
        }
        catch (Exception ended) when (ended is AuthenticationException or IOException or OperationCanceledException or SocketException)
        {
            // The caller did not like us, or we him, or one of both has gone.
        }
    }

    bool IsGood(X509Certificate? certificate)
    {
        if (wanted is null)
        {
            return true;
        }

        if (certificate is not X509Certificate2 shown)
        {
            return false;
        }

        using var chain = new X509Chain { ChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { wanted.Certificate } } };
        var isGood = chain.Build(shown);
        if (isGood)
        {
            callers.Enqueue(shown.Subject);
        }

        return isGood;
    }
}
