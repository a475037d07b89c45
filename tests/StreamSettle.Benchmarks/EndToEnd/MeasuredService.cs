using System.Diagnostics;
using System.Globalization;
using StreamSettle.App.Demo;
using StreamSettle.App.Http.Answers;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>The service as processes of its own, one or several instances, asked over HTTP; killed at the end.</summary>
sealed class MeasuredService : IAsyncDisposable
{
    /// <summary>How long anything is waited for.</summary>
    TimeSpan Patience { get; init; }

    static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    readonly List<ServiceInstance> instances;

    MeasuredService(List<ServiceInstance> instances) => this.instances = instances;

    /// <summary>Highest resident set so far of the instance with the highest, as the kernel counts it.</summary>
    public long PeakRssMb { get; private set; }

    /// <summary>What all instances have used so far.</summary>
    public TimeSpan ProcessorTime() => TimeSpan.FromTicks(instances.Sum(instance => EndToEnd.ProcessorTime.Of(instance.ProcessId).Ticks));

    public static MeasuredService Start(string folder, int instances, IReadOnlyDictionary<string, string?> settings, TimeSpan? patience = null) => new([.. Enumerable.Range(1, instances).Select(number =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"settle-{number}");
        return ServiceInstance.Start(folder, name, new Dictionary<string, string?>(settings) { ["StateDirectory"] = Path.Combine(folder, $"state-{number}"), ["Urls"] = DemoWorld.AnyUrl });
    })])
    {
        Patience = patience ?? TimeSpan.FromMinutes(10),
    };

    public async Task UntilReadyAsync()
    {
        await Task.WhenAll(instances.Select(instance => instance.ListensAsync(CancellationToken.None)));
        await UntilAsync(status => status.Ready && (instances.Count == 1 || KilledInstance.AllShare(status)));
    }

    /// <returns>When it was seen.</returns>
    public async Task<DateTimeOffset> UntilCompletedAsync(int orders)
    {
        await UntilAsync(status => status.Flow.Completed >= orders && status.Audit.LagEvents == 0);
        return DateTimeOffset.UtcNow;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }

    async Task UntilAsync(Func<StatusAnswer, bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(AskInterval);
        StatusAnswer? last = null;
        while (Stopwatch.GetElapsedTime(began) < Patience)
        {
            foreach (var instance in instances)
            {
                instance.RequireAlive();
                PeakRssMb = Math.Max(PeakRssMb, PeakRss(instance.ProcessId));
            }

            last = await instances[0].StatusAsync(CancellationToken.None) ?? last;
            if (last is not null && condition(last))
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }

        throw new BrokenInvariantException($"the service was not done after {Patience}: {last} {string.Join("; ", last?.NotReady ?? [])}");
    }

    static long PeakRss(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(new string([.. line.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture) / 1024;
    }
}
