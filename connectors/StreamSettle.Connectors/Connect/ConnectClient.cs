using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Connect;

/// <summary>
/// Kafka Connect's REST interface. A cluster that shares its work out anew answers 409: it is asked again for a while. Thread-safe.
/// </summary>
/// <param name="url">Of one worker, or of what stands before several; user info is sent as Basic authentication and never shown.</param>
/// <param name="transport">Null for a connection of its own; for tests.</param>
public sealed class ConnectClient(Uri url, TimeProvider time, HttpMessageHandler? transport = null) : IDisposable
{
    /// <summary>A status with a stack trace for each of a thousand tasks is far below it.</summary>
    const int MaxAnswerBytes = 8 * 1024 * 1024;

    /// <summary>Connect gives up a request after 90 s and says so; a new configuration is tried against the database meanwhile.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>How long a cluster may be sharing its work out.</summary>
    static readonly TimeSpan RebalancePatience = TimeSpan.FromSeconds(60);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(2);

    readonly Uri root = new(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/");
    readonly AuthenticationHeaderValue? credentials = url.UserInfo.Length == 0 ? null : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
    readonly HttpClient client = new(transport ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !url.IsLoopback })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>For messages.</summary>
    public string Address { get; } = ShownUrl.Of(url);

    /// <summary>Names of the connectors that the cluster has.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken stop) =>
        await GetAsync("connectors", null, ConnectJson.Default.ListString, Patience, stop).ConfigureAwait(false) ?? throw NoConnect("it answers 404");

    /// <returns>Null where there is no such connector, or nothing is known of it yet.</returns>
    public async Task<ConnectorStatus?> StatusAsync(string name, TimeSpan patience, CancellationToken stop) =>
        (await GetAsync($"{PathOf(name)}/status", name, ConnectJson.Default.StatusAnswer, patience, stop).ConfigureAwait(false))?.ToStatus();

    /// <returns>Null where there is no such connector.</returns>
    public async Task<IReadOnlyDictionary<string, string>?> ConfigAsync(string name, TimeSpan patience, CancellationToken stop) =>
        await GetAsync($"{PathOf(name)}/config", name, ConnectJson.Default.DictionaryStringString, patience, stop).ConfigureAwait(false);

    /// <summary>How far Debezium has come; null where there is no such connector, or nothing was committed yet.</summary>
    /// <param name="prefix">The topics': a connector whose prefix was changed has an offset for each.</param>
    public async Task<SourceOffset?> OffsetAsync(string name, string prefix, TimeSpan patience, CancellationToken stop)
    {
        var answer = await GetAsync($"{PathOf(name)}/offsets", name, ConnectJson.Default.OffsetsAnswer, patience, stop).ConfigureAwait(false);
        try
        {
            return answer?.Offsets is { Count: > 0 } offsets ? OffsetReader.Read(offsets, prefix) : null;
        }
        catch (FormatException strange)
        {
            throw new UserMistakeException($"Kafka Connect at {Address} has an offset of the connector {name} that is none of Debezium for PostgreSQL: {strange.Message}.", strange);
        }
    }

    /// <summary>Makes the connector, or gives it another configuration.</summary>
    public Task PutConfigAsync(string name, IReadOnlyDictionary<string, string> config, CancellationToken stop)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, string>(config), ConnectJson.Default.DictionaryStringString);
        return ChangeAsync(HttpMethod.Put, $"{PathOf(name)}/config", name, body, stop);
    }

    /// <param name="onlyFailed">False for the connector and all of its tasks.</param>
    /// <returns>False where there is no such connector.</returns>
    public Task<bool> RestartAsync(string name, bool onlyFailed, CancellationToken stop) =>
        ChangeAsync(HttpMethod.Post, $"{PathOf(name)}/restart?includeTasks=true&onlyFailed={(onlyFailed ? "true" : "false")}", name, null, stop);

    /// <summary>Lets a paused or stopped one run.</summary>
    /// <inheritdoc cref="RestartAsync" path="/returns"/>
    public Task<bool> ResumeAsync(string name, CancellationToken stop) => ChangeAsync(HttpMethod.Put, $"{PathOf(name)}/resume", name, null, stop);

    /// <summary>Keeps it from reading until it is resumed.</summary>
    /// <inheritdoc cref="RestartAsync" path="/returns"/>
    public Task<bool> PauseAsync(string name, CancellationToken stop) => ChangeAsync(HttpMethod.Put, $"{PathOf(name)}/pause", name, null, stop);

    /// <summary>Takes the connector away; what it has committed stays.</summary>
    /// <inheritdoc cref="RestartAsync" path="/returns"/>
    public Task<bool> DeleteAsync(string name, CancellationToken stop) => ChangeAsync(HttpMethod.Delete, PathOf(name), name, null, stop);

    public void Dispose() => client.Dispose();

    static string PathOf(string name) => $"connectors/{Uri.EscapeDataString(name)}";

    async Task<T?> GetAsync<T>(string path, string? name, JsonTypeInfo<T> type, TimeSpan patience, CancellationToken stop)
        where T : class
    {
        var (status, body) = await AskAsync(HttpMethod.Get, path, name, null, patience, stop).ConfigureAwait(false);
        if (status == HttpStatusCode.NotFound)
        {
            return IsConnects(body) ? null : throw NoConnect("it answers 404, not as Connect does");
        }

        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException strange)
        {
            throw NoConnect("what it answers is not understood", strange);
        }
    }

    async Task<bool> ChangeAsync(HttpMethod method, string path, string name, string? body, CancellationToken stop)
    {
        var (status, answer) = await AskAsync(method, path, name, body, Patience, stop).ConfigureAwait(false);
        return status != HttpStatusCode.NotFound || (IsConnects(answer) ? false : throw NoConnect("it answers 404, not as Connect does"));
    }

    /// <summary>Asks, and again while the cluster is sharing its work out.</summary>
    async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpMethod method, string path, string? name, string? body, TimeSpan patience, CancellationToken stop)
    {
        var (began, pause) = (time.GetTimestamp(), FirstPause);
        while (true)
        {
            var (status, answer) = await AskOnceAsync(method, path, name, body, patience, stop).ConfigureAwait(false);
            if (status != HttpStatusCode.Conflict)
            {
                return (int)status is >= 200 and < 300 || status == HttpStatusCode.NotFound ? (status, answer) : throw Refused(status, answer, name);
            }

            if (time.GetElapsedTime(began) >= (patience < RebalancePatience ? patience : RebalancePatience))
            {
                throw new EnvironmentFailedException(
                    $"Kafka Connect at {Address} has been sharing its work out among its workers for {time.GetElapsedTime(began).TotalSeconds:0} s{Of(name)}: {MessageOf(answer)}. "
                    + "Look whether its workers start and stop again and again, then try again.");
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    async Task<(HttpStatusCode Status, string Body)> AskOnceAsync(HttpMethod method, string path, string? name, string? body, TimeSpan patience, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        using var request = new HttpRequestMessage(method, new Uri(root, path)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = credentials;
        try
        {
            using var answer = await client.SendAsync(request, end.Token).ConfigureAwait(false);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(end.Token).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new EnvironmentFailedException(
                $"Kafka Connect at {Address} cannot be reached{Of(name)}: {failure.Message.TrimEnd('.')}{Inner(failure)}. Is it running, and is Connect:Url right?", failure);
        }
        catch (OperationCanceledException failure) when (!stop.IsCancellationRequested)
        {
            throw new EnvironmentFailedException($"Kafka Connect at {Address} has not answered within {patience.TotalSeconds:0} s{Of(name)}. Look at the log of its worker.", failure);
        }
    }

    static string Inner(Exception failure) => failure.InnerException is { } inner && !failure.Message.Contains(inner.Message, StringComparison.Ordinal) ? $" ({inner.Message.TrimEnd('.')})" : "";

    static string Of(string? name) => name is null ? "" : $" (asked about the connector {name})";

    Exception Refused(HttpStatusCode status, string body, string? name) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new UserMistakeException(
            $"Kafka Connect at {Address} answers {(int)status}: it wants {(credentials is null ? "a user and a password" : "others than it got")}. Give them as https://USER:PASSWORD@HOST in Connect:Url."),
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity when name is not null => new UserMistakeException(
            $"Kafka Connect at {Address} refuses the configuration of the connector {name}: {MessageOf(body)}"),
        >= HttpStatusCode.InternalServerError => new EnvironmentFailedException($"Kafka Connect at {Address} answers {(int)status}{Of(name)}: {MessageOf(body)}. Look at the log of its worker."),
        _ => NoConnect($"it answers {(int)status}"),
    };

    UserMistakeException NoConnect(string what, Exception? cause = null) =>
        new($"{Address} does not answer as Kafka Connect does ({what}). Give the address of its REST interface, such as http://connect:8083, in Connect:Url.", cause);

    static bool IsConnects(string body) => Error(body) is { Code: > 0 };

    static string MessageOf(string body) => ConnectText.OneLine(Error(body)?.Message ?? "it does not say why");

    static ErrorAnswer? Error(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ConnectJson.Default.ErrorAnswer);
        }
        catch (JsonException)
        {
            // Of a proxy, or of something else than Connect.
            return null;
        }
    }
}
