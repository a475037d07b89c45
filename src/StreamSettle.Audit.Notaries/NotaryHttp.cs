using System.Net.Http.Headers;

namespace StreamSettle.Audit.Notaries;

/// <summary>How notaries are called.</summary>
static class NotaryHttp
{
    /// <summary>Follows nobody elsewhere: whoever is configured answers, and hears what is authorized to them alone.</summary>
    public static HttpClient Create(TimeSpan timeout, AuthenticationHeaderValue? authorization, int maxAnswerBytes)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = timeout, MaxResponseContentBufferSize = maxAnswerBytes,
        };
        client.DefaultRequestHeaders.Authorization = authorization;
        return client;
    }

    public static bool IsAway(Exception failure, CancellationToken stop) => failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stop.IsCancellationRequested);

    public static string Told(Exception failure) => failure is OperationCanceledException ? "it does not answer in time" : failure.Message;
}
