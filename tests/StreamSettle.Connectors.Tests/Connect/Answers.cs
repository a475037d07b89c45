using System.Net;
using System.Text;

namespace StreamSettle.Connectors.Tests.Connect;

/// <summary>Kafka Connect's REST interface, played: the answers in their order, the last one again and again.</summary>
sealed class Answers(params (HttpStatusCode Status, string Body)[] answers) : HttpMessageHandler
{
    readonly List<string> asked = [];

    /// <summary>Method, path and body of each request.</summary>
    public IReadOnlyList<string> Asked => asked;

    public string? Authorization { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Authorization = request.Headers.Authorization?.ToString();
        var body = request.Content is null ? "" : " " + await request.Content.ReadAsStringAsync(cancellationToken);
        asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}{body}");
        var (status, text) = answers[Math.Min(asked.Count, answers.Length) - 1];
        return status == 0 ? throw new HttpRequestException("Connection refused") : new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
