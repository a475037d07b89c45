using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace StreamSettle.App.Access;

/// <summary>The role that an endpoint declares.</summary>
sealed record NeededRole(Role Role);

/// <summary>Who may reach which endpoint: each declares its role or that it is open, and one that declares nothing is closed to all.</summary>
static class AccessRules
{
    public static void AddAccess(this IServiceCollection services, AccessKeys keys)
    {
        // Not AddAuthentication: it brings Data Protection along, which keeps keys for cookies in the home directory.
        services.AddSingleton(keys).AddSingleton(TimeProvider.System).AddWebEncoders().AddAuthenticationCore(authentication => authentication.DefaultScheme = ApiKeyHandler.SchemeName);
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        var rules = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        foreach (var role in Enum.GetValues<Role>().Where(role => role != Role.None))
        {
            rules.AddPolicy(role.ToString(), policy => policy.RequireRole(role.ToString()));
        }
    }

    /// <summary>Lets those in who have the role or one above it.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(role.ToString()).WithMetadata(new NeededRole(role));

    /// <summary>Lets everybody in: health, and the dashboard's files, which hold no data.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AllowAnonymous();
}
