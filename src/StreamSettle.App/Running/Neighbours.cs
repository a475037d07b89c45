namespace StreamSettle.App.Running;

/// <summary>How instances ask each other.</summary>
static class Neighbours
{
    const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>A dashboard asks every second.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The instances are each other's neighbours: no proxy of the environment is meant for them.
    public static HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
    {
        Timeout = Patience, MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <param name="authorization">The caller's own: what he may see of one instance he may see of all.</param>
    /// <exception cref="UriFormatException">The address is none.</exception>
    public static HttpRequestMessage Get(string url, string path, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new(url), path));
        if (authorization is { Length: > 0 })
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return request;
    }
}
