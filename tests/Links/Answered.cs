using System.Diagnostics;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Tests.Links;

/// <summary>Asks as the graph does, which comes again for what is not answered within a second: on a busy machine that happens.</summary>
static class Answered
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="isLate">Whether a failure says that the answer has not come yet. Who asks waits for a moment by itself.</param>
    /// <exception cref="EnvironmentFailedException">Another failure, or there was no answer in the end.</exception>
    public static T To<T>(Func<T> ask, Func<EnvironmentFailedException, bool> isLate)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return ask();
            }
            catch (EnvironmentFailedException failed) when (isLate(failed) && Stopwatch.GetElapsedTime(since) < Patience)
            {
                // Not answered yet.
            }
        }
    }
}
