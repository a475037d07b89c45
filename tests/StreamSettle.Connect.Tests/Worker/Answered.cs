using System.Diagnostics;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>Reads as the graph does: what is not answered within a second is read again, and a registry that has just started may need longer on a busy machine. What was answered once is known.</summary>
static class Answered
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <exception cref="EnvironmentFailedException">There was no answer in the end.</exception>
    public static void After(Action read)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                read();
                return;
            }
            catch (EnvironmentFailedException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                // Not answered yet.
            }
        }
    }
}
