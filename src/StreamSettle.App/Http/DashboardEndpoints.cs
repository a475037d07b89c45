using System.Reflection;
using StreamSettle.App.Access;

namespace StreamSettle.App.Http;

/// <summary><c>/</c>: one page that shows the flow live. Plain files inside the program, no build step, no script from elsewhere.</summary>
static class DashboardEndpoints
{
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDashboard(this IEndpointRouteBuilder routes, AccessGate access)
    {
        Map(routes, access, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, access, "/dashboard.css", "dashboard.css", "text/css; charset=utf-8");
        Map(routes, access, "/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8");
    }

    static void Map(IEndpointRouteBuilder routes, AccessGate access, string path, string file, string type)
    {
        var content = Read(file);
        routes.MapGet(path, (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(content, type);
        }).AddEndpointFilter(access.Require(Role.Viewer)).ExcludeFromDescription();
    }

    static byte[] Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"StreamSettle.App.Dashboard.{file}")
            ?? throw new Kernel.Failures.BrokenInvariantException($"the program has no file {file}");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
