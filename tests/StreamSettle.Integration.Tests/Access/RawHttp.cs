using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace StreamSettle.Integration.Tests.Access;

/// <summary>Requests as they are written, byte for byte: a client library would tidy paths and hosts.</summary>
static class RawHttp
{
    public sealed record Answer(int Status, string Head, string Body)
    {
        public bool HasHeader(string name) => Head.Contains($"\n{name}:", StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="host">The Host header; the address itself where it is null.</param>
    public static async Task<Answer> AskAsync(Uri at, string method, string target, string? authorization = null, string? host = null, string? body = null)
    {
        var request = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {host ?? at.Authority}\r\nConnection: close\r\n");
        if (authorization is not null)
        {
            request.Append(CultureInfo.InvariantCulture, $"Authorization: {authorization}\r\n");
        }

        if (body is not null)
        {
            request.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        using var client = new TcpClient();
        await client.ConnectAsync(at.Host, at.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{request}\r\n{body}"));
        var text = await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? new(0, "", text) : new(int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text[..end], text[end..]);
    }
}
