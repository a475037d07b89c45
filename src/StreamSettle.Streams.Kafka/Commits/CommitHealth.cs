using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>
/// Whether each thread commits. One commit that does not happen is nothing to tell: a rebalance does it. It is told once when a thread has not committed for a while, and once when all do again: of
/// two threads one may go on for ever while the other waits for what the brokers never decide. Thread-safe.
/// </summary>
internal sealed class CommitHealth(TimeProvider time, ILogger logger)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();

    /// <summary>By thread, since when, and why where that was long enough ago.</summary>
    readonly Dictionary<string, (long Since, string? Told)> failing = new(StringComparer.Ordinal);

    volatile string? failure;
    volatile bool isAnyFailing;

    /// <summary>Why one of them commits nothing; null while they do.</summary>
    public string? Failure => failure;

    /// <summary>Its last commit did not happen.</summary>
    public bool IsFailing(string thread)
    {
        if (!isAnyFailing)
        {
            return false;
        }

        lock (gate)
        {
            return failing.ContainsKey(thread);
        }
    }

    public void Failed(string thread, string reason)
    {
        lock (gate)
        {
            var since = failing.TryGetValue(thread, out var before) ? before.Since : time.GetTimestamp();
            var elapsed = time.GetElapsedTime(since);
            var isLong = elapsed >= Patience;
            failing[thread] = (since, isLong ? reason : null);
            isAnyFailing = true;
            if (isLong && failure is null)
            {
                logger.CommitsFail((long)elapsed.TotalSeconds, reason);
            }

            failure = isLong ? reason : failure;
        }
    }

    /// <summary>It has committed, or has nothing that it could commit.</summary>
    public void Happened(string thread)
    {
        if (!isAnyFailing)
        {
            return;
        }

        lock (gate)
        {
            if (!failing.Remove(thread, out var was))
            {
                return;
            }

            isAnyFailing = failing.Count > 0;
            var left = failing.Values.Select(one => one.Told).FirstOrDefault(told => told is not null);
            if (failure is not null && left is null)
            {
                logger.CommitsHappenAgain((long)time.GetElapsedTime(was.Since).TotalSeconds);
            }

            failure = left;
        }
    }
}
