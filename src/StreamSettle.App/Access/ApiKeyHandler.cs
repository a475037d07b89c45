using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace StreamSettle.App.Access;

/// <summary>Tells who a request is from: by its API key, <c>Authorization: Bearer KEY</c>; where reads are open, by its coming from this machine, which may read.</summary>
sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccessKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Of HTTP and of ASP.NET Core.</summary>
    public const string SchemeName = "Bearer";

    /// <summary>Who asks where nobody has a key.</summary>
    const string Local = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Results.Problem("A key is needed: Authorization: Bearer KEY.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<NeededRole>()?.Role;
        var how = keys.Any ? " Give a key that has it: Authorization: Bearer KEY." : $" No key is configured: add one under Access:Keys with the role {needed}.";
        return Results.Problem($"This needs the role {needed?.ToString() ?? "of nobody"}; the request has {RoleOf(Context.User)}.{how}", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(Context);
    }

    AuthenticateResult Authenticate()
    {
        var header = Request.Headers.Authorization.ToString();
        if (keys.ReadsAreOpen && (!keys.Any || header.Length == 0))
        {
            return Context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) ? Ticket(Local, Role.Auditor) : AuthenticateResult.NoResult();
        }

        return header.StartsWith(SchemeName + " ", StringComparison.OrdinalIgnoreCase) && keys.Find(header[(SchemeName.Length + 1)..].Trim()) is { } key
            ? Ticket(key.Name, key.Role)
            : AuthenticateResult.NoResult();
    }

    /// <summary>Each role may do what those before it may.</summary>
    static AuthenticateResult Ticket(string name, Role role)
    {
        var claims = Enum.GetValues<Role>().Where(lower => lower != Role.None && lower <= role).Select(lower => new Claim(ClaimTypes.Role, lower.ToString()));
        return AuthenticateResult.Success(new(new(new ClaimsIdentity([new(ClaimTypes.Name, name), .. claims], SchemeName)), SchemeName));
    }

    static Role RoleOf(ClaimsPrincipal who) => Enum.GetValues<Role>().Where(role => who.IsInRole(role.ToString())).DefaultIfEmpty(Role.None).Max();
}
