using System.Diagnostics;

namespace StreamSettle.Sandbox.Tests.Downstreams;

/// <summary>Waits for a condition, not for a time.</summary>
internal static class Eventually
{
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static async Task<bool> TrueAsync(Func<Task<bool>> condition)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > Bound)
            {
                return false;
            }

            await Task.Yield();
        }

        return true;
    }
}
