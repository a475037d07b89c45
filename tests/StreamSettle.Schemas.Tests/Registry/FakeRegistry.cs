using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>A schema registry whose faults a test chooses. How a real one answers, the tests against one show.</summary>
sealed class FakeRegistry : IAsyncDisposable
{
    readonly HttpListener listener;
    readonly Task serving;
    readonly ConcurrentDictionary<string, (int Status, string Body)> answers = [];
    readonly ConcurrentQueue<string> asked = [];

    FakeRegistry(HttpListener listener, Uri url)
    {
        (this.listener, Url) = (listener, url);
        serving = Task.Run(ServeAsync);
    }

    public Uri Url { get; }

    /// <summary>Paths, in order, without the leading slash; those of posts with their method.</summary>
    public IReadOnlyCollection<string> Asked => asked;

    /// <summary>The header of the last request.</summary>
    public string? Authorization { get; private set; }

    /// <summary>Answers everything with it; null: what was put, or that there is none.</summary>
    public (int Status, string Body)? Fault { get; set; }

    /// <summary>Requests are taken and not answered.</summary>
    public TaskCompletionSource? Silence { get; set; }

    public static FakeRegistry Start()
    {
        while (true)
        {
            var port = System.Random.Shared.Next(15_000, 32_000);
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return new(listener, new($"http://127.0.0.1:{port}/"));
            }
            catch (HttpListenerException)
            {
                // Somebody else has the port.
            }
        }
    }

    public void Put(int id, string schema, string? more = null) => answers[$"schemas/ids/{id}"] = (200, $$"""{"schema":{{JsonSerializer.Serialize(schema)}}{{more}}}""");

    public void PutVersion(string subject, int version, string schema, string? more = null) =>
        answers[$"subjects/{subject}/versions/{version}"] = (200, $$"""{"id":90,"subject":"{{subject}}","version":{{version}},"schema":{{JsonSerializer.Serialize(schema)}}{{more}}}""");

    /// <summary>What is answered to a path, or to a method and a path: <c>POST subjects/a/versions</c>.</summary>
    public void Answer(string path, int status, string body) => answers[path] = (status, body);

    public async ValueTask DisposeAsync()
    {
        Silence?.TrySetResult();
        listener.Stop();
        await serving;
        listener.Close();
    }

    async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    async Task AnswerAsync(HttpListenerContext context)
    {
        var path = Uri.UnescapeDataString(context.Request.Url!.AbsolutePath).TrimStart('/');
        path = context.Request.HttpMethod == "GET" ? path : $"{context.Request.HttpMethod} {path}";
        asked.Enqueue(path);
        Authorization = context.Request.Headers["Authorization"];
        if (Silence is { } silence)
        {
            await silence.Task;
        }

        var missing = path.Contains("subjects", StringComparison.Ordinal) ? """{"error_code":40401,"message":"Subject not found"}""" : """{"error_code":40403,"message":"Schema not found"}""";
        var (status, body) = Fault ?? answers.GetValueOrDefault(path, (404, missing));
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.KeepAlive = false;
        context.Response.StatusCode = status;

        // Else its end goes by itself, and waits 40 ms for the acknowledgement of what goes before.
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }
}
