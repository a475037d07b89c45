using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Kafka.Groups;

/// <summary>
/// Leaving the group, waited for within a bound: librdkafka was seen not to come back from closing a member, and neither a stop nor a thread that begins anew may hang on that.
/// </summary>
internal sealed class Departure(TimeProvider time, ILogger logger)
{
    /// <summary>A broker that answers is left within milliseconds; a stop of the service has 30 s for all of its threads.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns when the member has left, or when it has been waited for long enough: then it leaves in the background, if ever.</summary>
    /// <param name="leave">Leaves, and gives the client back. What it throws in time is thrown on.</param>
    public void Take(string member, Action leave)
    {
        var leaving = Task.Factory.StartNew(leave, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            leaving.WaitAsync(Patience, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException) when (!leaving.IsCompleted)
        {
            logger.DoesNotLeave(member, (long)Patience.TotalSeconds);
        }
    }
}
