using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamSettle.Delivery.Tests.Http;

/// <summary>A server on a real socket that answers byte for byte what a test wants.</summary>
sealed class RawServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly Func<string, NetworkStream, CancellationToken, Task> answer;
    readonly Task accepting;

    /// <param name="answer">Gets head and body of each request, and the connection; what it returns from keeps the connection, what it throws resets it.</param>
    public RawServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"http://{listener.LocalEndpoint}/api";

    public List<string> Requests { get; } = [];

    public static string Response(string status, string body, string headers = "") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public static RawServer Always(string response) => new((_, stream, cancellation) => stream.WriteAsync(Encoding.UTF8.GetBytes(response), cancellation).AsTask());

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadRequestAsync(stream) is { } request)
                {
                    lock (Requests)
                    {
                        Requests.Add(request);
                    }

                    await answer(request, stream, stop.Token);
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // Lingering for no time makes the close a reset.
                client.LingerState = new(true, 0);
            }
        }
    }

    async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, stop.Token);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?[16..];
        return end >= 0 && text.Length >= end + 4 + int.Parse(length ?? "0", System.Globalization.CultureInfo.InvariantCulture);
    }
}
