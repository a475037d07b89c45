using System.Net;
using StreamSettle.Compose.Tests.Files;
using StreamSettle.Compose.Tests.Native;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>The health check of our image, run as the container engine runs it.</summary>
public class HealthTests
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(503, false)]
    [InlineData(null, false)]
    public async Task Healthy_is_what_is_ready(int? status, bool healthy)
    {
        var port = FreePort.Find();
        using var server = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        if (status is { } answer)
        {
            server.Start();
            _ = AnswerAsync(server, answer);
        }

        var test = ComposeFile.Read().Service("streamsettle")["healthcheck"]!["test"]!.AsArray().Select(word => word!.GetValue<string>()).ToArray();
        Assert.Equal("CMD", test[0]);
        Assert.Contains("127.0.0.1/8787", test[^1], StringComparison.Ordinal);
        await using var check = NativeProgram.Start(test[1], [.. test[2..].Select(word => word.Replace("127.0.0.1/8787", $"127.0.0.1/{port}", StringComparison.Ordinal))], new Dictionary<string, string>());
        Assert.Equal(healthy, await check.ExitAsync() == 0);
    }

    static async Task AnswerAsync(HttpListener server, int status)
    {
        var asked = await server.GetContextAsync();
        asked.Response.StatusCode = asked.Request.Url!.AbsolutePath == "/health/ready" ? status : 404;
        asked.Response.Close();
    }
}
