using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Runtime;

/// <summary>What one worker is told.</summary>
sealed record WorkerOptions(string Group, string Member)
{
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc cref="ThreadGroup.CommitLinger"/>
    public TimeSpan CommitLinger { get; init; }

    /// <inheritdoc cref="ThreadGroup.IdleWait"/>
    public TimeSpan IdleWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc cref="StreamsOptions.HurriedCommitInterval"/>
    public TimeSpan? HurriedCommitInterval { get; init; }

    /// <summary>A commit comes at the latest after so many records.</summary>
    public int RecordsPerCommitMax { get; init; } = int.MaxValue;

    /// <summary>A commit comes at the latest when outputs and stores hold so many bytes.</summary>
    public long BytesPerCommitMax { get; init; } = 64 * 1024 * 1024;

    public int PollRecordsMax { get; init; } = FetchLimits.RecordsMaxDefault;

    public int PollBytesMax { get; init; } = FetchLimits.BytesMaxDefault;

    public Action<TransactionAbortedException, int> OnAborted { get; init; } = (_, _) => { };
}
