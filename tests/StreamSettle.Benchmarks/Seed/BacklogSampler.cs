using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams;

namespace StreamSettle.Benchmarks.Seed;

/// <summary>Looks at the systems' counters at an even pace, from the mark on.</summary>
sealed class BacklogSampler(SandboxDownstreams systems, int orders, DateTimeOffset mark)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    readonly List<BacklogSample> samples = [];

    /// <summary>Until all splits are done, or it is told to stop.</summary>
    public async Task<IReadOnlyList<BacklogSample>> RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (samples is [] or [.., { Splits: > 0 }])
            {
                await timer.WaitForNextTickAsync(stop);
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            Look();
        }

        return samples;
    }

    void Look()
    {
        var seconds = (DateTimeOffset.UtcNow - mark).TotalSeconds;
        if (seconds >= 0)
        {
            var accepted = systems.Stats().ToDictionary(system => system.System, system => system.Accepted);
            samples.Add(new(seconds, orders - accepted[$"{Leg.Verification}"], orders - accepted[$"{Leg.Split}"]));
        }
    }
}
