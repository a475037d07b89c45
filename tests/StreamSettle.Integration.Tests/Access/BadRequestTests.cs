using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using Xunit;

namespace StreamSettle.Integration.Tests.Access;

/// <summary>What a request says beside what is read of it is refused in words: a slip in the name of a filter, of an end or of <c>dryRun</c> would do more than was meant.</summary>
public class BadRequestTests
{
    [Theory]
    [InlineData("/api/v1/dead-letters", """{"action":"discard","all":true,"reason":"x","dry_run":true}""", "$.dry_run")]
    [InlineData("/api/v1/dead-letters", """{"action":"discard","reason":"x","filter":{"merchant":1,"stag":"tax"}}""", "$.filter.stag")]
    [InlineData("/api/v1/holds", """{"scope":"everything","reason":"x","untl":"2030-01-01T00:00:00Z"}""", "$.untl")]
    [InlineData("/api/v1/holds", """{"scope":"order:1","scope":"order:2","reason":"x"}""", "$.scope")]
    [InlineData("/api/v1/holds", """{"scope":7,"reason":"x"}""", "$.scope")]
    [InlineData("/api/v1/holds", """{"scope":"order:1","reason":"x" """, "line 1")]
    [InlineData("/api/v1/holds", "[]", "line 1")]
    [InlineData("/api/v1/holds", "", "scope is missing", true)]
    [InlineData("/api/v1/holds", "null", "scope is missing", true)]
    [InlineData("/api/v1/dead-letters/42:split:0/discard", """{"note":"paid by hand"}""", "$.note")]
    [InlineData("/api/v1/holds/a/release", """{"why":"over"}""", "$.why")]
    [InlineData("/api/v1/scan/start", """{"form":"2026-01-01T00:00:00Z"}""", "$.form")]
    [InlineData("/api/v1/audit/shred", """{"merchant":"1","reason":"x","id":"y"}""", "$.id")]
    public async Task A_body_that_does_not_fit_is_refused_with_the_place(string path, string body, string place, bool isForTheService = false)
    {
        await using var web = await StartedWeb.StartAsync([Role.Operator]);

        var answer = await RawHttp.AskAsync(web.Url, "POST", path, $"Bearer {StartedWeb.KeyOf(Role.Operator)}", body: body);

        // A service that is still starting looks no further than at what the framework reads.
        Assert.True(answer.Status == (isForTheService ? 503 : 400), answer.Head + answer.Body);
        if (!isForTheService)
        {
            Assert.True(answer.Body.Contains(place, StringComparison.Ordinal), answer.Head + answer.Body);
            Assert.DoesNotContain("StreamSettle.", answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/api/v1/dead-letters?merchnat=1", "did you mean 'merchant'?")]
    [InlineData("/api/v1/dead-letters?limit=x", "limit cannot be 'x'")]
    [InlineData("/api/v1/dead-letters?merchant=1&merchant=2", "merchant cannot be")]
    [InlineData("/api/v1/dead-letter-groups?order=", "order cannot be")]
    [InlineData("/api/v1/holds?all=1", "all cannot be '1'")]
    [InlineData("/api/v1/status?scpoe=instance", "did you mean 'scope'?")]
    [InlineData("/api/v1/forecast?from=2026-01-01T00:00:00Z", "there are scope, limit")]
    [InlineData("/api/v1/scan?x=1", "there is none")]
    public async Task A_parameter_that_nobody_reads_and_a_value_that_is_none_are_refused_by_name(string path, string says)
    {
        await using var web = await StartedWeb.StartAsync([Role.Operator]);

        var answer = await RawHttp.AskAsync(web.Url, "GET", path, $"Bearer {StartedWeb.KeyOf(Role.Operator)}");

        Assert.True(answer.Status == 400, answer.Head + answer.Body);
        Assert.True(answer.Body.Contains(says, StringComparison.Ordinal), answer.Head + answer.Body);
    }

    [Theory]
    [InlineData("/api/v1/dead-letters?STAGE=tax&reason=x&merchant=1&order=-1&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&after=1:tax:0&limit=5")]
    [InlineData("/api/v1/dead-letter-groups?stage=tax&reason=x&merchant=1&order=1&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z")]
    [InlineData("/api/v1/holds?scope=order:1&all=true&after=x&limit=5")]
    [InlineData("/api/v1/status?scope=instance")]
    [InlineData("/api/v1/forecast?scope=instance&limit=5")]
    public async Task What_is_read_is_let_through(string path)
    {
        await using var web = await StartedWeb.StartAsync([Role.Operator]);

        Assert.Equal(503, (await RawHttp.AskAsync(web.Url, "GET", path, $"Bearer {StartedWeb.KeyOf(Role.Operator)}")).Status);
    }

    [Fact]
    public async Task The_description_says_what_a_body_needs_and_what_may_be_left_out()
    {
        await using var web = await StartedWeb.StartAsync([Role.Viewer]);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", StartedWeb.KeyOf(Role.Viewer)) } };

        using var description = JsonDocument.Parse(await http.GetStringAsync(new Uri(web.Url, "/openapi/v1.json"), TestContext.Current.CancellationToken));

        string[] Needed(string schema) => description.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(schema).TryGetProperty("required", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
        Assert.Equal(["scope", "reason"], Needed("HoldRequest"));
        Assert.Equal(["action"], Needed("BulkRequest"));
        Assert.Empty(Needed("DeadLetterQuery"));
        Assert.Equal(["merchant", "reason"], Needed("ShredRequest"));
    }

    [Fact]
    public async Task Every_body_that_is_read_refuses_members_that_nobody_knows()
    {
        await using var web = await StartedWeb.StartAsync([Role.Operator]);
        var bodies = web.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType).OfType<Type>().Distinct().ToList();

        // A callback is read from the bytes that were signed, by systems that may say more.
        Assert.NotEmpty(bodies);
        Assert.All(bodies.Where(body => body != typeof(CallbackRequest)), body =>
            Assert.Equal(JsonUnmappedMemberHandling.Disallow, body.GetCustomAttribute<JsonUnmappedMemberHandlingAttribute>()?.UnmappedMemberHandling));
    }
}
