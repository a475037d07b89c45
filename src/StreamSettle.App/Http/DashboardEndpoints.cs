using System.Reflection;
using StreamSettle.App.Access;

namespace StreamSettle.App.Http;

/// <summary><c>/</c>: one page that shows the flow live. Plain files inside the program, no build step, no script from elsewhere. The files hold no data, so they are open; what they show they ask of the API, with the reader's key.</summary>
static class DashboardEndpoints
{
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/dashboard.css", "dashboard.css", "text/css; charset=utf-8");
        Map(routes, "/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8");
    }

    static void Map(IEndpointRouteBuilder routes, string path, string file, string type)
    {
        var content = Read(file);
        routes.MapMethods(path, Reads, (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(content, type);
        }).ExcludeFromDescription().IsOpen();
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
