using System.Net;
using System.Net.Sockets;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>Whether the service could listen where <c>Urls</c> says.</summary>
static class UrlCheck
{
    public static StartCheck Of(Uri url) => new($"address {ShownUrl.Of(url)}", stop => LookAsync(url, stop));

    public static UserMistakeException Refused(string urls, Exception taken) =>
        new($"Urls: the service cannot listen on {urls}: {taken.Message} Stop what listens there, or set another address.", taken);

    static async Task<string> LookAsync(Uri url, CancellationToken stop)
    {
        try
        {
            foreach (var address in await AddressesAsync(url, stop))
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, url.Port));
                socket.Listen(1);
            }

            return "is free";
        }
        catch (SocketException taken)
        {
            throw Refused(ShownUrl.Of(url), taken);
        }
    }

    /// <summary>As the web server takes a host: an address, <c>localhost</c>, and anything else for all addresses.</summary>
    static Task<IPAddress[]> AddressesAsync(Uri url, CancellationToken stop) =>
        IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? Task.FromResult<IPAddress[]>([address])
        : url.IsLoopback ? Dns.GetHostAddressesAsync(url.Host, stop)
        : Task.FromResult<IPAddress[]>([IPAddress.Any]);
}
