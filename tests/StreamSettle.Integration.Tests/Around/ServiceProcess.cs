using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>One run of the program, from its start to its end; disposing kills what is left of it.</summary>
sealed class ServiceProcess : IAsyncDisposable
{
    static readonly TimeSpan RequestBound = TimeSpan.FromSeconds(5);

    readonly Process process;
    readonly ConcurrentQueue<string> output = new();
    readonly ConcurrentQueue<string> errors = new();
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly HttpClient http = new() { Timeout = RequestBound };

    ServiceProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Of a service: where it listens, as it says itself; null until it does.</summary>
    public Uri? Url => field ??= LogLine.Address(output);

    public int Id => process.Id;

    public TimeSpan Elapsed => clock.Elapsed;

    public bool HasExited => process.HasExited;

    public string Output => string.Join('\n', output);

    public string Errors => string.Join('\n', errors);

    /// <summary>What it has logged so far.</summary>
    public IReadOnlyList<LogLine> Log => [.. output.Select(LogLine.Read).OfType<LogLine>()];

    /// <summary>The end of what it said, for messages.</summary>
    public string Tail => string.Join('\n', output.TakeLast(20).Concat(errors.TakeLast(20)));

    /// <param name="directory">Working directory: one without an <c>appsettings.json</c> of somebody else.</param>
    public static ServiceProcess Start(string directory, IReadOnlyDictionary<string, string> settings, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streamsettle"), arguments)
        {
            WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(Process.Start(start)!);
    }

    public void Kill() => process.Kill();

    public void Terminate() => Signals.Terminate(process.Id);

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await Until.TrueAsync(() => process.HasExited, "the program ends", within, () => Tail);

        // Its last words may still be on the way.
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>The status and text of an answer; <c>(0, "")</c> while nothing listens.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AskAsync(string path, HttpMethod? method = null, string? key = null)
    {
        if (Url is not { } url)
        {
            return (0, "");
        }

        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(url, path));
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var answer = await http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
        {
            return (0, "");
        }
    }

    public async Task<bool> IsReadyAsync() => (await AskAsync("/health/ready")).Status == HttpStatusCode.OK;

    /// <summary>Waits until it is ready; fails when it ends before.</summary>
    /// <returns>How long that took from the start of the process.</returns>
    public async Task<TimeSpan> ReadyAsync(TimeSpan? within = null)
    {
        if (!await ReadyOrEndedAsync(within))
        {
            // Its last words may still be on the way.
            var code = await ExitAsync();
            Assert.Fail($"the service ended with {code} before it was ready:\n{Tail}");
        }

        return Elapsed;
    }

    /// <summary>Waits until it is ready or ends.</summary>
    /// <returns>False when it ended.</returns>
    public async Task<bool> ReadyOrEndedAsync(TimeSpan? within = null)
    {
        var (status, last) = (default(HttpStatusCode), "");
        await Until.TrueAsync(
            async () =>
            {
                (status, last) = await AskAsync("/health/ready");
                return status == HttpStatusCode.OK || HasExited;
            },
            "the service is ready", within, () => $"{last}\n{Tail}");
        return !HasExited;
    }

    /// <summary>Null while it does not answer.</summary>
    public async Task<StatusAnswer?> StatusAsync()
    {
        if (Url is not { } url)
        {
            return null;
        }

        try
        {
            return await http.GetFromJsonAsync(new Uri(url, "/api/v1/status"), ApiJson.Default.StatusAnswer);
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        http.Dispose();
    }

    static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        const int most = 5_000;
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (lines.Count > most)
        {
            lines.TryDequeue(out _);
        }
    }
}
