using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using StreamSettle.App.Access;
using StreamSettle.App.Configuration;
using Xunit;

namespace StreamSettle.Integration.Tests.Access;

/// <summary>Who gets in where: every endpoint, in every spelling, for everybody.</summary>
public class AccessTests
{
    static readonly Role[] Everybody = [Role.Viewer, Role.Auditor, Role.Operator, Role.Admin];

    /// <summary>What needs no key, and what the others need, by route. A new endpoint has to be added here on purpose.</summary>
    static readonly Dictionary<string, Role> Declared = new()
    {
        ["/"] = Role.None, ["/dashboard.css"] = Role.None, ["/dashboard.js"] = Role.None, ["/health/live"] = Role.None, ["/health/ready"] = Role.None,
        ["/metrics"] = Role.Viewer, ["/openapi/{documentName}.json"] = Role.Viewer, ["/api/v1/status"] = Role.Viewer, ["/api/v1/dead-letters"] = Role.Viewer,
        ["/api/v1/dead-letter-groups"] = Role.Viewer, ["/api/v1/dead-letters/{id}"] = Role.Auditor, ["/api/v1/orders/{id:long}"] = Role.Auditor,
        ["/api/v1/calls/{key}/send-again"] = Role.Operator, ["/api/v1/dead-letters/{id}/replay"] = Role.Operator, ["/api/v1/dead-letters/{id}/discard"] = Role.Operator,
        ["/api/v1/clock/resume"] = Role.Operator, ["/api/v1/forecast"] = Role.Viewer, ["/api/v1/holds"] = Role.Viewer, ["/api/v1/holds/{id}"] = Role.Viewer, ["/api/v1/holds/{id}/release"] = Role.Operator,
        ["/api/v1/scan"] = Role.Viewer, ["/api/v1/scan/start"] = Role.Operator, ["/api/v1/scan/stop"] = Role.Operator,
        ["/api/callbacks/{downstream}"] = Role.None,
        ["/api/v1/audit/shred"] = Role.Operator, ["/api/v1/audit/keys/rotate"] = Role.Operator,
    };

    /// <summary>Where a change needs more than a look at the same route.</summary>
    static readonly Dictionary<string, Role> Changes = new() { ["/api/v1/holds"] = Role.Operator, ["/api/v1/dead-letters"] = Role.Operator };

    static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];

    [Fact]
    public void One_key_under_two_names_is_refused_as_nobody_could_tell_whose_role_it_has()
    {
        var hash = new string('a', 64);
        var reader = new ConfigurationReader(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Access:Keys:ann:Hash"] = hash, ["Access:Keys:bob:Hash"] = "sha256:" + hash.ToUpperInvariant(), ["Access:Keys:bob:Role"] = "Admin", ["Access:Keys:eve:Hash"] = new string('b', 64),
        }).Build());
        AccessKeys.Read(reader);

        Assert.StartsWith("Access:Keys:ann and Access:Keys:bob are one key", Assert.Single(reader.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_endpoint_declares_who_may_reach_it()
    {
        await using var web = await StartedWeb.StartAsync(Everybody);

        Assert.Equal(Declared.Keys.Order(), web.Endpoints.Select(RouteOf).Distinct().Order());
        Assert.All(web.Endpoints, endpoint =>
        {
            var needed = endpoint.Metadata.GetMetadata<NeededRole>()?.Role;
            Assert.Equal(NeededOf(RouteOf(endpoint), endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]), needed ?? Role.None);
            Assert.NotEqual(needed is null, endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);
            Assert.Equal(needed?.ToString(), endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy);
            Assert.NotEmpty(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods);
        });
    }

    [Fact]
    public async Task No_spelling_of_a_path_and_no_method_lets_in_who_may_not()
    {
        await using var web = await StartedWeb.StartAsync(Everybody);
        foreach (var route in Declared.Where(declared => declared.Value != Role.None).Select(declared => declared.Key))
        {
            foreach (var path in SpellingsOf(PathOf(route)))
            {
                foreach (var method in Methods)
                {
                    foreach (var (authorization, role) in Callers())
                    {
                        var answer = await RawHttp.AskAsync(web.Url, method, path, authorization, body: method is "POST" ? "{}" : null);
                        var letIn = answer.Status is (>= 200 and < 300) or 503;
                        Assert.True(!letIn || role >= NeededOf(route, method), $"{method} {path} with '{authorization}' is let in: {answer.Head}{answer.Body}");
                        Assert.InRange(answer.Status, 200, 503);
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Who_may_is_let_in_with_and_without_a_slash_and_in_any_case()
    {
        await using var web = await StartedWeb.StartAsync(Everybody);
        foreach (var endpoint in web.Endpoints)
        {
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                var (path, needed) = (PathOf(RouteOf(endpoint)), NeededOf(RouteOf(endpoint), method));
                foreach (var spelling in (string[])[path, path == "/" ? path : path + "/", path.ToUpperInvariant()])
                {
                    foreach (var role in Everybody.Where(role => role >= needed))
                    {
                        var answer = await RawHttp.AskAsync(web.Url, method, spelling, $"bearer {StartedWeb.KeyOf(role)}", body: method is "POST" ? "{}" : null);
                        Assert.True(answer.Status is 200 or 503, $"{method} {spelling} as {role}: {answer.Head}");
                    }

                    var stranger = await RawHttp.AskAsync(web.Url, method, spelling);
                    Assert.True(needed == Role.None ? stranger.Status is 200 or 503 : stranger.Status == 401, $"{method} {spelling} as nobody: {stranger.Head}");
                }
            }
        }
    }

    [Fact]
    public async Task Who_has_too_low_a_role_is_told_which_it_needs()
    {
        await using var web = await StartedWeb.StartAsync(Everybody);

        var answer = await RawHttp.AskAsync(web.Url, "POST", "/api/v1/dead-letters/1/discard", $"Bearer {StartedWeb.KeyOf(Role.Auditor)}");

        Assert.Equal(403, answer.Status);
        Assert.Contains("application/problem+json", answer.Head, StringComparison.Ordinal);
        Assert.Contains("the role Operator; the request has Auditor", answer.Body, StringComparison.Ordinal);
    }

    static Role NeededOf(string route, string method) => method == "POST" && Changes.TryGetValue(route, out var needed) ? needed : Declared[route];

    internal static string RouteOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    static string PathOf(string route) => route.Replace("{id:long}", "42", StringComparison.Ordinal).Replace("{id}", "42:split:0", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{downstream}", "split", StringComparison.Ordinal);

    static IEnumerable<string> SpellingsOf(string path)
    {
        var first = path[1..2];
        return
        [
            path, path + "/", path + "//", "/" + path, path.Replace("/", "//", StringComparison.Ordinal), path.ToUpperInvariant(), path + "?x=/health/live", path + ";health", path + "/.",
            "/." + path, "/health/.." + path, "/health/live/../.." + path, $"/%{(int)first[0]:x2}{path[2..]}", path + "%2f", path + "%2F..", "/health%2f..%2f.." + path, path + "%00", path + "%20", path + "\\",
            "http://127.0.0.1:1" + path,
        ];
    }

    /// <summary>What stands in the Authorization header, and what its sender may do.</summary>
    static IEnumerable<(string? Authorization, Role Role)> Callers()
    {
        var admin = StartedWeb.KeyOf(Role.Admin);
        string?[] strangers =
        [
            null, "", "Bearer", "Bearer ", "Bearer wrong", admin, $"Basic {admin}", $"ApiKey {admin}", $"Bearer{admin}", $"Bearer {admin}x", $"Bearer {admin}, Bearer {admin}",
            $"Bearer {admin.ToUpperInvariant()}",
        ];
        return strangers.Select(text => (text, Role.None)).Concat(Everybody.Select(role => ((string?)$"Bearer {StartedWeb.KeyOf(role)}", role)));
    }
}
