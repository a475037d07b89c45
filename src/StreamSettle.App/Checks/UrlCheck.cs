using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using StreamSettle.App.Configuration;
using StreamSettle.App.Http;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>Whether the service can listen where <c>Urls</c> says, with its certificate where that is https.</summary>
static class UrlCheck
{
    /// <summary>For a moment it listens as the service would: nothing else knows what the web server takes.</summary>
    public static StartCheck Of(ServiceOptions options, IConfiguration configuration) => new("addresses", async stop =>
    {
        await using var web = ServiceWeb.Build(options.Urls, options.Access, configuration, new());
        await ListenAsync(web, options.Urls, stop);
        await web.StopAsync(stop);
        return $"{Shown(options.Urls)} can be listened on";
    });

    /// <exception cref="UserMistakeException">The web server does not take an address, or somebody else has it.</exception>
    public static async Task ListenAsync(WebApplication web, IReadOnlyList<Uri> urls, CancellationToken stop)
    {
        try
        {
            await web.StartAsync(stop);
        }
        catch (Exception refused) when (refused is IOException or SocketException or InvalidOperationException or CryptographicException or UnauthorizedAccessException)
        {
            var remedy = refused.InnerException is AddressInUseException ? "Stop what listens there, or set another address." : "Correct that, or set another address.";
            throw new UserMistakeException($"Urls: the service cannot listen on {Shown(urls)}: {FailureText.OneLine(refused.Message.Split('\n')[0])} {remedy}", refused);
        }
    }

    public static string Shown(IReadOnlyList<Uri> urls) => string.Join(", ", urls.Select(ShownUrl.Of));
}
