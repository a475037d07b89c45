using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Embedded.Commits;

/// <summary>
/// Whether commits reach the disk. Said once when they begin to fail and once when they happen again, however often it is tried between. Written under the commit
/// lock, read from any thread.
/// </summary>
/// <param name="mayWrite">Whether a file in the directory can be written now.</param>
internal sealed class WriteHealth(string directory, Func<bool> mayWrite, TimeProvider time, ILogger logger)
{
    /// <summary>RocksDB frees itself of a full disk; of other failed writes never, so that it has to be opened anew.</summary>
    const string NoSpace = "No space left";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    volatile string? failure;
    long since;

    /// <summary>Why the last commit did not happen; null when it did.</summary>
    public string? Failure => failure;

    public void Failed(string reason)
    {
        if (failure is null)
        {
            since = time.GetTimestamp();
            logger.CommitsFail(directory, reason);
        }

        failure = reason;
    }

    /// <summary>The directory has taken writes again, but the database does not come back by itself.</summary>
    public bool IsStuck() =>
        failure is { } reason && !reason.Contains(NoSpace, StringComparison.Ordinal) && time.GetElapsedTime(since) >= Patience && mayWrite();

    public void Happened()
    {
        if (failure is not null)
        {
            failure = null;
            logger.CommitsHappenAgain(directory, (long)time.GetElapsedTime(since).TotalSeconds);
        }
    }
}
