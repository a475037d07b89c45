using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded.Output;

/// <summary>Two batches in turn: while one is committed to the log, on a thread of its own, the other is filled. One caller at a time.</summary>
internal sealed class CdcOutput(ILogClient log, IReadOnlyList<CapturedTable> tables, int partitions)
{
    readonly SourcePoint point = new(SourceProgress.Topic);
    CdcBatch spare = new(tables, partitions);
    Task? running;
    CdcOffset? reached;

    /// <summary>The batch to fill.</summary>
    public CdcBatch Filling { get; private set; } = new(tables, partitions);

    /// <summary>What the last successful commit reached; null before the first.</summary>
    public CdcOffset? Committed { get; private set; }

    /// <summary>Commits that happened.</summary>
    public long Commits { get; private set; }

    /// <summary>The commit under way; completed when there is none.</summary>
    public Task Running => running ?? Task.CompletedTask;

    /// <summary>A commit was begun whose end nobody has taken note of yet.</summary>
    public bool IsUnsettled => running is not null;

    public bool IsRunning => running is { IsCompleted: false };

    /// <summary>Waits for the commit under way, if any.</summary>
    /// <exception cref="TransactionAbortedException">It did not happen.</exception>
    public async ValueTask SettleAsync()
    {
        if (running is { } task)
        {
            running = null;
            await task.ConfigureAwait(false);
            Committed = reached;
            Commits++;
        }
    }

    /// <summary>Begins to commit what was filled; after the one before.</summary>
    public async ValueTask StartAsync(CdcOffset offset)
    {
        await SettleAsync().ConfigureAwait(false);
        var batch = Filling;
        (Filling, spare) = (spare, batch);
        Filling.Clear();
        reached = offset;
        running = Task.Run(() => batch.Commit(log, offset));
    }

    /// <summary>Begins to say in the log what it has of the source, while nothing else is being committed: between two transactions of the source.</summary>
    public void Start(SourceProgress progress, long timestampMs)
    {
        point.Set(progress, timestampMs);

        // It reaches no further in the source. What a commit would have reached that did not happen is not reached by this one.
        reached = Committed;
        running = Task.Run(() => point.Commit(log));
    }

    /// <summary>Commits what was filled and waits until it is durable.</summary>
    public async ValueTask CommitAsync(CdcOffset offset)
    {
        await StartAsync(offset).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
    }

    /// <summary>Drops what was filled but not committed: the server sends it again.</summary>
    public async ValueTask DropAsync()
    {
        try
        {
            await SettleAsync().ConfigureAwait(false);
        }
        catch (TransactionAbortedException)
        {
            // Nothing of it happened, so there is nothing to undo.
        }

        Filling.Clear();
    }
}
