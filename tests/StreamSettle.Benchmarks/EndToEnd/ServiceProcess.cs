using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>What the service said when everything was completed.</summary>
readonly record struct ServiceDone(DateTimeOffset At, long Events, long LatenessMsP99);

/// <summary><c>streamsettle run</c> as a child, asked over HTTP; killed at the end.</summary>
sealed class ServiceProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    readonly Process process;
    readonly HttpClient http;
    readonly List<string> output = [];

    ServiceProcess(Process process, int port)
    {
        this.process = process;
        http = new() { BaseAddress = new($"http://127.0.0.1:{port}") };
    }

    /// <summary>Highest resident set so far, as the kernel counts it.</summary>
    public long PeakRssMb { get; private set; }

    public static ServiceProcess Start(string folder, string rules, string connectionString, IEnumerable<KeyValuePair<string, string?>> downstreams, int batch)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streamsettle"), "run") { RedirectStandardOutput = true, RedirectStandardError = true };
        void Set(string key, string value) => start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        Set("StateDirectory", Path.Combine(folder, "state"));
        Set("Source:ConnectionString", connectionString);
        Set("Rules:Directory", rules);
        Set("Urls", $"http://127.0.0.1:{port}");
        foreach (var (key, value) in downstreams.Where(setting => !setting.Key.Contains("TaxRefund", StringComparison.Ordinal)))
        {
            Set(key, value!);
            Set(key.Replace("BaseUrl", "BatchSize", StringComparison.Ordinal), batch.ToString(CultureInfo.InvariantCulture));
        }

        var service = new ServiceProcess(Process.Start(start)!, port);
        service.process.OutputDataReceived += (_, line) => service.Keep(line.Data);
        service.process.ErrorDataReceived += (_, line) => service.Keep(line.Data);
        service.process.BeginOutputReadLine();
        service.process.BeginErrorReadLine();
        return service;
    }

    public Task UntilReadyAsync() => UntilAsync(async () =>
    {
        using var answer = await http.GetAsync("/health/ready");
        return answer.IsSuccessStatusCode;
    });

    public async Task<ServiceDone> UntilCompletedAsync(int orders)
    {
        var done = default(ServiceDone);
        await UntilAsync(async () =>
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync("/api/v1/status"));
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
        if (line is not null)
        {
            output.Add(line);
        }
    }

    long PeakRss()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(new string([.. line.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture) / 1024;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
