using StreamSettle.App.Access;
using StreamSettle.App.Http;
using Xunit;

namespace StreamSettle.Integration.Tests.Access;

/// <summary>Without a key: this machine reads, nobody changes, and nobody comes by another name.</summary>
public class WithoutKeysTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.")]
    [InlineData("192.168.0.1")]
    [InlineData("")]
    public async Task A_request_by_another_name_is_refused_reads_included(string host)
    {
        await using var web = await StartedWeb.StartAsync([]);

        foreach (var path in (string[])["/api/v1/status", "/api/v1/status/", "/metrics", "/metrics/", "/openapi/v1.json", "/", "/api/v1/orders/42", "/nowhere"])
        {
            Assert.Equal(400, (await RawHttp.AskAsync(web.Url, "GET", path, host: host)).Status);
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:9000")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]:1")]
    public async Task This_machine_reads_by_its_own_names(string host)
    {
        await using var web = await StartedWeb.StartAsync([]);

        Assert.Equal(503, (await RawHttp.AskAsync(web.Url, "GET", "/api/v1/status", host: host)).Status);
        Assert.Equal(503, (await RawHttp.AskAsync(web.Url, "GET", "/api/v1/orders/42", host: host)).Status);
        Assert.Equal(200, (await RawHttp.AskAsync(web.Url, "GET", "/metrics/", host: host)).Status);
    }

    [Fact]
    public async Task With_a_key_and_open_reads_this_machine_reads_and_the_key_changes()
    {
        await using var web = await StartedWeb.StartAsync([Role.Operator], openLocally: true);
        var key = $"Bearer {StartedWeb.KeyOf(Role.Operator)}";

        Assert.Equal(503, (await RawHttp.AskAsync(web.Url, "GET", "/api/v1/status")).Status);
        Assert.Equal(400, (await RawHttp.AskAsync(web.Url, "GET", "/api/v1/status", host: "evil.example")).Status);
        Assert.Equal(403, (await RawHttp.AskAsync(web.Url, "POST", "/api/v1/dead-letters/1:tax:0/replay")).Status);
        Assert.Equal(401, (await RawHttp.AskAsync(web.Url, "GET", "/api/v1/status", "Bearer wrong")).Status);
        Assert.Equal(503, (await RawHttp.AskAsync(web.Url, "POST", "/api/v1/dead-letters/1:tax:0/replay", key)).Status);
    }

    [Fact]
    public async Task Nobody_changes_anything()
    {
        await using var web = await StartedWeb.StartAsync([]);

        foreach (var path in (string[])["/api/v1/dead-letters/1:split:0/discard", "/api/v1/dead-letters/1:split:0/replay/", "/API/v1/dead-letters/1/replay"])
        {
            var answer = await RawHttp.AskAsync(web.Url, "POST", path, "Bearer anything", body: "{}");
            Assert.Equal(403, answer.Status);
            Assert.Contains("Access:Keys", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Answers_are_problems_without_a_trace_and_tell_browsers_to_be_strict()
    {
        await using var web = await StartedWeb.StartAsync([]);

        foreach (var (method, path, status) in ((string, string, int)[])
        [
            ("GET", "/nowhere", 404), ("GET", "/api/v1/orders/no-number", 404), ("DELETE", "/api/v1/status", 405), ("GET", "/api/v1/status", 503), ("GET", "/api/v1/dead-letters?limit=0", 400),
            ("GET", "/api/v1/dead-letters?limit=many", 400),
        ])
        {
            var answer = await RawHttp.AskAsync(web.Url, method, path);
            Assert.True(answer.Status == status, $"{method} {path}: {answer.Head}");
            Assert.Contains("application/problem+json", answer.Head, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
            Assert.All((string[])["X-Content-Type-Options", "Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Cache-Control"], name => Assert.True(answer.HasHeader(name), name));
        }

        var page = await RawHttp.AskAsync(web.Url, "GET", "/");
        Assert.Contains("script-src 'self'", page.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", page.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused()
    {
        await using var web = await StartedWeb.StartAsync([Role.Operator]);
        var body = $"{{\"reason\":\"{new string('x', ServiceWeb.MaxRequestBytes)}\"}}";

        var answer = await RawHttp.AskAsync(web.Url, "POST", "/api/v1/dead-letters/1/discard", $"Bearer {StartedWeb.KeyOf(Role.Operator)}", body: body);

        Assert.Equal(413, answer.Status);
    }
}
