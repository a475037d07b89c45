using System.Net;

namespace StreamSettle.App.Access;

/// <summary>Lets a request in by its API key: <c>Authorization: Bearer KEY</c>. Who it was stands in <see cref="WhoItem"/> afterwards.</summary>
sealed class AccessGate(AccessKeys keys)
{
    /// <summary>Key in <c>HttpContext.Items</c>: the name of the key.</summary>
    public const string WhoItem = "who";

    const string Scheme = "Bearer ";

    /// <summary>What the request may do.</summary>
    public Role RoleOf(HttpContext http)
    {
        if (!keys.Any)
        {
            return http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) ? Role.Auditor : Role.None;
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || keys.Find(header[Scheme.Length..].Trim()) is not { } key)
        {
            return Role.None;
        }

        http.Items[WhoItem] = key.Name;
        return key.Role;
    }

    /// <summary>An endpoint filter that asks for a role: 401 without a known key, 403 with one that may not.</summary>
    public Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Require(Role needed) => async (call, next) =>
    {
        var role = RoleOf(call.HttpContext);
        if (role >= needed)
        {
            return await next(call);
        }

        if (role == Role.None)
        {
            call.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Problem("A key is needed: Authorization: Bearer KEY.", statusCode: StatusCodes.Status401Unauthorized);
        }

        var how = keys.Any ? "" : " No key is configured: add one under Access:Keys with the role Operator.";
        return Results.Problem($"This needs the role {needed}; the request has {role}.{how}", statusCode: StatusCodes.Status403Forbidden);
    };
}
