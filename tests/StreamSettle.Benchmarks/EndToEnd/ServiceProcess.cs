using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>What the service said when everything was completed.</summary>
readonly record struct ServiceDone(DateTimeOffset At, long Events, long LatenessMsP99);

/// <summary><c>streamsettle run</c> as a child, asked over HTTP; killed at the end.</summary>
sealed partial class ServiceProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    readonly Process process;
    readonly HttpClient http = new();
    readonly List<string> output = [];
    readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ServiceProcess(Process process) => this.process = process;

    /// <summary>Highest resident set so far, as the kernel counts it.</summary>
    public long PeakRssMb { get; private set; }

    /// <summary>What the service has used so far.</summary>
    public TimeSpan ProcessorTime() => EndToEnd.ProcessorTime.Of(process.Id);

    public static ServiceProcess Start(string folder, string rules, string connectionString, IEnumerable<KeyValuePair<string, string?>> downstreams, int batch)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streamsettle"), "run") { RedirectStandardOutput = true, RedirectStandardError = true };
        void Set(string key, string value) => start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        Set("StateDirectory", Path.Combine(folder, "state"));
        Set("Source:ConnectionString", connectionString);
        Set("Rules:Directory", rules);
        Set("Urls", "http://127.0.0.1:0");
        foreach (var (key, value) in downstreams.Where(setting => !setting.Key.Contains("TaxRefund", StringComparison.Ordinal)))
        {
            Set(key, value!);
            Set(key.Replace("BaseUrl", "BatchSize", StringComparison.Ordinal), batch.ToString(CultureInfo.InvariantCulture));
        }

        var service = new ServiceProcess(Process.Start(start)!);
        service.process.OutputDataReceived += (_, line) => service.Keep(line.Data);
        service.process.ErrorDataReceived += (_, line) => service.Keep(line.Data);
        service.process.BeginOutputReadLine();
        service.process.BeginErrorReadLine();
        return service;
    }

    public Task UntilReadyAsync() => UntilAsync(async () =>
    {
        if (!listening.Task.IsCompleted)
        {
            return false;
        }

        using var answer = await http.GetAsync(new Uri(await listening.Task, "/health/ready"));
        return answer.IsSuccessStatusCode;
    });

    public async Task<ServiceDone> UntilCompletedAsync(int orders)
    {
        var done = default(ServiceDone);
        await UntilAsync(async () =>
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri(await listening.Task, "/api/v1/status")));
            var (flow, audit) = (status.RootElement.GetProperty("flow"), status.RootElement.GetProperty("audit"));
            PeakRssMb = Math.Max(PeakRssMb, PeakRss());
            done = new(DateTimeOffset.UtcNow, audit.GetProperty("events").GetInt64(), flow.GetProperty("latenessMsP99").ValueKind == JsonValueKind.Null ? 0 : flow.GetProperty("latenessMsP99").GetInt64());
            return flow.GetProperty("completed").GetInt64() >= orders && audit.GetProperty("lagEvents").GetInt64() == 0;
        });
        return done;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(AskInterval);
        while (Stopwatch.GetElapsedTime(began) < Patience)
        {
            if (process.HasExited)
            {
                throw new BrokenInvariantException($"the service ended with {process.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, output)}");
            }

            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await timer.WaitForNextTickAsync();
        }

        throw new BrokenInvariantException($"the service was not done after {Patience}:{Environment.NewLine}{string.Join(Environment.NewLine, output)}");
    }

    void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        output.Add(line);
        if (Listening().Match(line) is { Success: true } said)
        {
            listening.TrySetResult(new(said.Groups[1].Value));
        }
    }

    long PeakRss()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(new string([.. line.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture) / 1024;
    }

    [GeneratedRegex(@"listening at (http\S+);")]
    private static partial Regex Listening();
}
