using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSettle.App.Access;
using StreamSettle.App.Http;

namespace StreamSettle.Integration.Tests.Access;

/// <summary>The HTTP side of a service that has not started yet: whom it lets in is answered 503.</summary>
sealed class StartedWeb : IAsyncDisposable
{
    readonly WebApplication web;

    StartedWeb(WebApplication web) => this.web = web;

    public Uri Url => new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Every endpoint that is mapped.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. web.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()];

    /// <param name="keys">A key for each of the roles, of the role's name in lower case; none for a service without keys.</param>
    public static async Task<StartedWeb> StartAsync(IEnumerable<Role> keys, bool openLocally = false)
    {
        var known = keys.Select(role => new AccessKey($"{role}-person", SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(role))), role));
        var web = ServiceWeb.Build([new("http://127.0.0.1:0")], new([.. known], openLocally), new ConfigurationBuilder().AddInMemoryCollection([]).Build(), new());
        await web.StartAsync();
        return new(web);
    }

    public static string KeyOf(Role role) => $"key-of-{role}";

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
