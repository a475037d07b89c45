using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Logging;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Http;

/// <summary>Requests over HTTP: 1.1, and 2 where https negotiates it. Redirects are never followed, answers are read up to a bound.</summary>
internal sealed class HttpTransport : IDownstreamTransport
{
    readonly Credentials credentials;
    readonly string baseUrl;
    readonly TimeSpan timeout;
    readonly TimeProvider time;
    readonly Version version;
    readonly CancellationTokenSource closing = new();
    readonly ConcurrentDictionary<string, Uri> posts = new();

    HttpTransport(DownstreamOptions options, string section, TimeProvider time, ILogger logger)
    {
        credentials = new(options, section, time, logger);
        // Without its user info, which goes as a header.
        baseUrl = new Uri(options.BaseUrl).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/";
        (timeout, this.time) = (options.Timeout, time);
        version = new Uri(baseUrl).Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11;
    }

    /// <exception cref="Kernel.Failures.UserMistakeException">The client certificate or a header's file cannot be read.</exception>
    internal static HttpTransport Create(DownstreamOptions options, string section, TimeProvider time, ILogger logger) => new(options, section, time, logger);

    public void Start(DownstreamRequest request) => ThreadPool.UnsafeQueueUserWorkItem(static job => _ = job.Transport.RunAsync(job.Request), (Transport: this, Request: request), preferLocal: false);

    public void Dispose()
    {
        closing.Cancel();
        credentials.Dispose();
        closing.Dispose();
    }

    async Task RunAsync(DownstreamRequest request)
    {
        FrozenContent? content = null;
        try
        {
            using var message = new HttpRequestMessage(request.IsPost ? HttpMethod.Post : request.IsPatch ? HttpMethod.Patch : HttpMethod.Get, Address(request)) { Version = version };
            var with = credentials.Take();
            content = Prepare(message, request, with.Headers);
            using var deadline = new CancellationTokenSource(timeout, time);
            using var closed = closing.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
            using var response = await with.Client.SendAsync(message, deadline.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                credentials.Refused();
            }

            await AnswerAsync(request, response, with.Secrets, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Whatever goes wrong here is an outcome of the call, never an end of the process.
            var reason = ReasonOf(failure);
            request.Complete((request.IsPost || request.IsPatch) && content is { HasStarted: false } ? RawAnswer.NeverSent(reason) : RawAnswer.Lost(reason));
        }
    }

    /// <summary>A system has two paths to post to, singly and in batches: they are made URIs of once. The others have a key in them.</summary>
    Uri Address(DownstreamRequest request) => request.IsPost ? posts.GetOrAdd(request.Path, static (path, root) => Absolute(root, path), baseUrl) : Absolute(baseUrl, request.Path);

    // Not relative to a base: "splits:batch" alone would be a URI of the scheme "splits".
    static Uri Absolute(string root, string path) => new(root + path);

    static FrozenContent Prepare(HttpRequestMessage message, DownstreamRequest request, KeyValuePair<string, string>[] headers)
    {
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.IdempotencyKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        var content = new FrozenContent(request.Body);
        message.Content = content;
        return content;
    }

    static async Task AnswerAsync(DownstreamRequest request, HttpResponseMessage response, byte[][] secrets, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var headers = HeadersOf(response);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(request.MaxAnswerBytes, (int)Math.Min(response.Content.Headers.ContentLength ?? FirstBuffer, request.MaxAnswerBytes)) + 1);
        try
        {
            var length = 0;
            using var stream = Decoded(response, await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
                if (length > request.MaxAnswerBytes)
                {
                    request.Complete(RawAnswer.Truncated(status, headers, $"the answer's body is longer than {request.MaxAnswerBytes} bytes"));
                    return;
                }

                buffer = length < buffer.Length ? buffer : Grow(buffer, length);
            }

            request.Complete(RawAnswer.Answered(status, headers, buffer.AsMemory(0, length)) with { Secrets = secrets });
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException or InvalidDataException)
        {
            request.Complete(RawAnswer.Truncated(status, headers, $"the answer's body broke off: {ReasonOf(failure)}"));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Some compress without being asked. Read up to the same bound, however small it came.
    static Stream Decoded(HttpResponseMessage response, Stream body) => EncodingOf(response)?.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => body,
    };

    // As it came: the typed collection costs more than all other headers together.
    static string? EncodingOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values) ? values.ToString() : null;

    const int FirstBuffer = 2 * 1024;

    static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    static AnswerHeaders HeadersOf(HttpResponseMessage response)
    {
        var all = response.Headers.NonValidated;
        return all.Count == 0 ? AnswerHeaders.None : AnswerHeaders.From(name => all.TryGetValues(name, out var values) ? string.Join(AnswerHeaders.Separator, values) : null);
    }

    static string ReasonOf(Exception failure) => failure switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => $"{http.HttpRequestError}: {http.Message}",
        _ => failure.Message,
    };
}
