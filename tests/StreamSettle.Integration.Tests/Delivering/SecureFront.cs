using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using StreamSettle.Schemas.Tests.Registry;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>Systems behind https that negotiates HTTP/2, and that speaks 1.1 to whoever asks for nothing more: what comes is handed on as it is.</summary>
sealed class SecureFront : IAsyncDisposable
{
    readonly HttpClient inner;
    readonly TestAuthority authority = new("authority");
    readonly X509Certificate2 certificate;
    readonly WebApplication app;

    SecureFront(Uri systems)
    {
        inner = new() { BaseAddress = systems };
        certificate = X509CertificateLoader.LoadPkcs12(authority.Issue("systems", "localhost"), TestAuthority.Password);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate);
        }));
        app = builder.Build();
        app.Run(HandOnAsync);
    }

    /// <summary>By protocol and connection, how many requests came.</summary>
    public ConcurrentDictionary<(string Protocol, string Connection), int> Requests { get; } = [];

    public Uri Url => new(app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public static async Task<SecureFront> StartAsync(Uri systems)
    {
        var front = new SecureFront(systems);
        await front.app.StartAsync();
        return front;
    }

    /// <summary>Writes what a client has to trust.</summary>
    public Task WriteCertificateAsync(string path) => File.WriteAllTextAsync(path, authority.Certificate.ExportCertificatePem());

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        inner.Dispose();
        certificate.Dispose();
        authority.Dispose();
    }

    async Task HandOnAsync(HttpContext context)
    {
        Requests.AddOrUpdate((context.Request.Protocol, context.Connection.Id), 1, (_, count) => count + 1);
        using var request = new HttpRequestMessage(new(context.Request.Method), context.Request.GetEncodedPathAndQuery());
        using var body = new StreamContent(context.Request.Body);
        request.Content = HttpMethods.IsGet(context.Request.Method) ? null : body;
        foreach (var (name, values) in context.Request.Headers.Where(header => !header.Key.StartsWith(':') && header.Key != "Host"))
        {
            _ = request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values) || request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values) == true;
        }

        using var answer = await inner.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
