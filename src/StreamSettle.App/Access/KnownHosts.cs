namespace StreamSettle.App.Access;

/// <summary>
/// While no key guards what the service tells, a request must name this machine as it listens: a page of somebody else, whose name was made to lead to
/// this machine (DNS rebinding), names that page. The port is not looked at: a tunnel may have another.
/// </summary>
sealed class KnownHosts(IEnumerable<Uri> urls)
{
    readonly HashSet<string> names = new(urls.Select(url => url.Host).Concat(["localhost", "127.0.0.1", "[::1]"]), StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers 400 to what names another host.</summary>
    public Task CheckAsync(HttpContext http, RequestDelegate next) => names.Contains(http.Request.Host.Host)
        ? next(http)
        : Results.Problem(
            $"The request is for another host than this service listens on ({string.Join(", ", names)}). To reach it by another name give it a key (Access:Keys), and no Access:OpenLocally.",
            statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
}
