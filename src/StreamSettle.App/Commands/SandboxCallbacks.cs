using System.Net;

namespace StreamSettle.App.Commands;

/// <summary>Brings callbacks of the sandbox's systems to a service.</summary>
/// <param name="service">Its address, without a path.</param>
sealed class SandboxCallbacks(Uri service) : IDisposable
{
    readonly HttpClient http = new() { BaseAddress = service, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>False where it was not answered well, or not at all.</summary>
    public async Task<bool> PostAsync(string path, byte[] body, string signature, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("X-Signature", signature);
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK;
        }
        catch (Exception away) when (away is HttpRequestException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();
}
