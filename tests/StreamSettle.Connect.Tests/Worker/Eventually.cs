using System.Diagnostics;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>Waits for what comes by itself.</summary>
static class Eventually
{
    /// <summary>Generous: Java programs take their time on a busy machine.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(180);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, what());
            await PauseAsync();
        }
    }

    public static Task HoldsAsync(Func<bool> condition, Func<string> what) => HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Between two writes, so that a test's shop is busy and the machine is not.</summary>
    public static async Task ShortPauseAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Between two looks at another process.</summary>
    public static async Task PauseAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        await timer.WaitForNextTickAsync();
    }
}
