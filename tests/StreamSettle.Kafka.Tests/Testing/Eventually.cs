using System.Diagnostics;
using Xunit;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>Waits for what comes by itself.</summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static void Holds(Func<bool> condition, Func<string> what, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < (patience ?? Patience), what());
            Thread.Yield();
            SpinWait.SpinUntil(condition, TimeSpan.FromMilliseconds(20));
        }
    }
}
