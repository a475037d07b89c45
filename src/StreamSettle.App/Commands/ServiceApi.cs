using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>The API of the running service, as commands use it. Whatever is wrong on the way there or there is one message that says who must act.</summary>
sealed class ServiceApi : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A page of dead letters with long reasons is far below it.</summary>
    const int MaxAnswerBytes = 64 * 1024 * 1024;

    const int LongestDetail = 500;

    readonly HttpClient client;
    readonly Uri address;
    readonly string? key;

    public ServiceApi(Uri address, string? key)
    {
        this.address = address.AbsolutePath.EndsWith('/') ? address : new(address.GetLeftPart(UriPartial.Path) + "/");
        this.key = key;

        // A proxy of the environment cannot reach this machine's loopback, and would be handed the key.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !address.IsLoopback };
        client = new(handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    /// <summary>For messages.</summary>
    public string Address => ShownUrl.Of(address);

    /// <param name="path">Below the address, without a slash before it.</param>
    /// <exception cref="UserMistakeException">Wrong address or key, or the service refuses the request.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached, does not answer, or fails.</exception>
    public async Task<string> AskAsync(HttpMethod method, string path, string? json, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var answer = await client.SendAsync(request, stop);
            var body = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(stop));
            return (int)answer.StatusCode is >= 200 and < 300 ? body : throw Refused((int)answer.StatusCode, body);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new EnvironmentFailedException($"The service at {Address} cannot be reached: {FailureText.Of(failure).TrimEnd('.')}. Is it running, and is the address right (--url)?", failure);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new EnvironmentFailedException($"The service at {Address} has not answered within {Patience.TotalSeconds} s.", late);
        }
    }

    /// <inheritdoc cref="AskAsync"/>
    public T Read<T>(string body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException strange)
        {
            throw NotOurs("what it answers is not understood", strange);
        }
    }

    public void Dispose() => client.Dispose();

    Exception Refused(int status, string body)
    {
        var problem = Detail(body);
        return status switch
        {
            401 => new UserMistakeException($"{Address} answers 401: it wants {(key is null ? "a key" : "another key")}. Give it by --key-file, --key or the environment variable STREAMSETTLE_KEY."),
            >= 500 => new EnvironmentFailedException($"{Address} answers {status}: {problem ?? "it does not say why"}"),
            >= 400 when problem is not null => new UserMistakeException($"{Address} answers {status}: {problem}"),
            _ => NotOurs($"it answers {status}", null),
        };
    }

    UserMistakeException NotOurs(string what, Exception? cause) => new($"{Address} does not answer as a StreamSettle does ({what}): give its address by --url.", cause);

    /// <summary>What a problem+json says; null of anything else.</summary>
    static string? Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { } text
                ? FailureText.OneLine(text.Length <= LongestDetail ? text : text[..LongestDetail])
                : null;
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
