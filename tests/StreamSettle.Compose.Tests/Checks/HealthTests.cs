using System.Net;
using StreamSettle.Compose.Tests.Files;
using StreamSettle.Compose.Tests.Native;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>The health checks of our image and of the registry, run as the container engine runs them.</summary>
public class HealthTests
{
    [Theory]
    [InlineData("streamsettle", "127.0.0.1/8787", 200, true)]
    [InlineData("streamsettle", "127.0.0.1/8787", 503, false)]
    [InlineData("streamsettle", "127.0.0.1/8787", null, false)]
    [InlineData("registry", "127.0.0.1/8080", 200, true)]
    [InlineData("registry", "127.0.0.1/8080", 500, false)]
    public async Task Healthy_is_what_is_ready(string service, string place, int? status, bool healthy)
    {
        var port = FreePort.Find();
        using var server = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        if (status is { } answer)
        {
            server.Start();
            _ = AnswerAsync(server, answer);
        }

        var test = ComposeFile.Read().Service(service)["healthcheck"]!["test"]!.AsArray().Select(word => word!.GetValue<string>()).ToArray();
        Assert.Equal("CMD", test[0]);
        Assert.Contains(place, test[^1], StringComparison.Ordinal);
        await using var check = NativeProgram.Start(test[1], [.. test[2..].Select(word => word.Replace(place, $"127.0.0.1/{port}", StringComparison.Ordinal))], new Dictionary<string, string>());
        Assert.Equal(healthy, await check.ExitAsync() == 0);
    }

    static async Task AnswerAsync(HttpListener server, int status)
    {
        var asked = await server.GetContextAsync();
        asked.Response.StatusCode = asked.Request.Url!.AbsolutePath is "/health/ready" or "/apis/ccompat/v7/subjects" ? status : 404;
        asked.Response.Close();
    }
}
