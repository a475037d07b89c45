using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary>Answers every request with the same bytes, whatever they are, and closes the connection.</summary>
sealed class StrangeServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly byte[] answer;
    readonly Task serving;

    public StrangeServer(string answer)
    {
        this.answer = Encoding.Latin1.GetBytes(answer);
        listener.Start();
        serving = ServeAsync();
    }

    public string Authority => listener.LocalEndpoint.ToString()!;

    public static string Http(int status, string type, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[16 * 1024]);
                await stream.WriteAsync(answer);
            }
        }
        catch (Exception over) when (over is SocketException or IOException or ObjectDisposedException)
        {
        }
    }
}
