using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>
/// Whether commits happen. One that does not is nothing to tell: a rebalance does it. It is told once when none has happened for a while, and once when they happen
/// again. Thread-safe.
/// </summary>
internal sealed class CommitHealth(TimeProvider time, ILogger logger)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    volatile string? failure;
    volatile bool isFailing;
    long failingSince;

    /// <summary>Why none happens; null while they do.</summary>
    public string? Failure => failure;

    public void Failed(string reason)
    {
        lock (gate)
        {
            failingSince = isFailing ? failingSince : time.GetTimestamp();
            isFailing = true;
            var elapsed = time.GetElapsedTime(failingSince);
            if (elapsed < Patience)
            {
                return;
            }

            if (failure is null)
            {
                logger.CommitsFail((long)elapsed.TotalSeconds, reason);
            }

            failure = reason;
        }
    }

    public void Happened()
    {
        if (!isFailing)
        {
            return;
        }

        lock (gate)
        {
            if (failure is not null)
            {
                logger.CommitsHappenAgain((long)time.GetElapsedTime(failingSince).TotalSeconds);
            }

            failure = null;
            isFailing = false;
        }
    }
}
