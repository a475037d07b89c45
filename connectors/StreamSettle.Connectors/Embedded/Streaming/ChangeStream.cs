using Npgsql.Replication;
using NpgsqlTypes;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// Follows the slot: reads messages, fills batches, commits them to the log, and only then tells the server that they are durable. One loop does all of it;
/// only the commit runs beside it.
/// </summary>
/// <param name="begun">Called once, when the stream stands and the server has shown that its history is the one that was read.</param>
internal sealed class ChangeStream(CdcRun run, LogicalReplicationConnection connection, TransactionReader reader, CdcOffset start, SourceMarks marks, Action begun)
{
    /// <summary>A batch that is this many times full is committed even within a transaction: of a huge one the parts repeat if it is cut off.</summary>
    const int SplitFactor = 4;

    /// <summary>So much later than it asked for somebody may be woken: less than what another timer for it costs.</summary>
    static readonly TimeSpan WaitSlack = TimeSpan.FromMilliseconds(2);

    readonly EmbeddedCdcOptions options = run.Options;
    readonly CdcOutput output = run.Output;
    readonly TimeProvider time = run.Time;
    CdcOffset offset = start;
    bool hasBegun;
    long? markInFilling;
    long? markCommitting;
    long firstPendingAt;
    long lastIdleAt = run.Time.GetTimestamp();
    Task idle = Task.CompletedTask;
    TimeSpan idleFor;
    long idleSince;

    /// <summary>Nobody reads from the connection any more; it may not be closed before. Known when the run has ended.</summary>
    public Task Left { get; private set; } = Task.CompletedTask;

    /// <summary>Runs until it is stopped or the connection ends.</summary>
    /// <exception cref="IOException">The server ended the stream.</exception>
    /// <exception cref="TransactionAbortedException">A commit to the log did not happen.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var messages = new SlotMessages(connection, offset, options.PublicationName);
        try
        {
            BeginIfProven();
            await FollowAsync(messages, stop).ConfigureAwait(false);
        }
        finally
        {
            Left = messages.Leave();
            await Leaving.PatientlyAsync(Left, time).ConfigureAwait(false);
        }
    }

    async Task FollowAsync(SlotMessages messages, CancellationToken stop)
    {
        while (true)
        {
            var next = messages.NextAsync();
            var more = next.IsCompleted ? await next.ConfigureAwait(false) : await IdleUntilAsync(next.AsTask(), stop).ConfigureAwait(false);
            if (!more)
            {
                throw new IOException("the server ended the stream of changes");
            }

            await messages.ReadAsync().ConfigureAwait(false);
            await TakeAsync(messages).ConfigureAwait(false);
        }
    }

    /// <summary>Commits what is whole, after a graceful stop.</summary>
    public async Task FinishAsync()
    {
        try
        {
            await output.SettleAsync().ConfigureAwait(false);
            if (!reader.InTransaction && output.Filling.Records > 0)
            {
                await output.CommitAsync(Reached()).ConfigureAwait(false);
            }
        }
        catch (TransactionAbortedException)
        {
            // The next start reads it again.
        }
    }

    async ValueTask TakeAsync(SlotMessages messages)
    {
        var before = output.Filling.Records;
        reader.Take(messages.Current, messages.Lsn, output.Filling);
        BeginIfProven();
        firstPendingAt = before == 0 && output.Filling.Records > 0 ? time.GetTimestamp() : firstPendingAt;
        TakeMark(reader.MarkedAt);
        reader.MarkedAt = null;
        await CommitIfFullAsync().ConfigureAwait(false);
    }

    void BeginIfProven()
    {
        if (!hasBegun && reader.IsProven)
        {
            hasBegun = true;
            begun();
        }
    }

    async ValueTask CommitIfFullAsync()
    {
        var bytes = output.Filling.Bytes;
        if (bytes >= options.CommitBytes * (long)SplitFactor)
        {
            await StartCommitAsync(Reached()).ConfigureAwait(false);
        }
        else if (!reader.InTransaction && bytes > 0 && !output.IsRunning && (bytes >= options.CommitBytes || time.GetElapsedTime(firstPendingAt) >= options.CommitLinger))
        {
            await StartCommitAsync(Reached()).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing to read: time to commit, to acknowledge, and to move an idle slot on.</summary>
    async Task<bool> IdleUntilAsync(Task<bool> next, CancellationToken stop)
    {
        while (!next.IsCompleted && !stop.IsCancellationRequested)
        {
            if (!output.IsRunning)
            {
                await AcknowledgeAsync().ConfigureAwait(false);
            }

            var wait = await BeginIdleAsync().ConfigureAwait(false);
            await Task.WhenAny(next, output.IsUnsettled ? output.Running : IdleFor(wait, stop)).ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        return await next.ConfigureAwait(false);
    }

    /// <summary>Ends after that time, or before: a wait that was begun for an earlier message serves those behind it, which come by the hundred a second.</summary>
    Task IdleFor(TimeSpan wait, CancellationToken stop)
    {
        var left = idleFor - time.GetElapsedTime(idleSince);
        if (idle.IsCompleted || left > wait + WaitSlack)
        {
            // A delay is cut to whole milliseconds: the last part of one would be none, and gone through again and again.
            wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
            (idle, idleFor, idleSince) = (Task.Delay(wait, time, stop), wait, time.GetTimestamp());
        }

        return idle;
    }

    /// <summary>Starts what is due now; gives how long there is nothing else to do.</summary>
    async ValueTask<TimeSpan> BeginIdleAsync()
    {
        if (output.IsRunning || reader.InTransaction)
        {
            return options.MarkInterval;
        }

        if (output.Filling.Records > 0)
        {
            var linger = options.CommitLinger - time.GetElapsedTime(firstPendingAt);
            if (linger > TimeSpan.Zero && markInFilling is null)
            {
                return linger;
            }

            await StartCommitAsync(Reached()).ConfigureAwait(false);
            return options.MarkInterval;
        }

        await MoveOnAsync().ConfigureAwait(false);
        return options.MarkInterval;
    }

    /// <summary>
    /// Nothing undurable: the source may forget what it wrote for others. The log hears of it first, so that the slot is never ahead of the log.
    /// A message that arrives meanwhile does no harm: the server sends transactions whose commit lies behind what was acknowledged.
    /// </summary>
    async ValueTask MoveOnAsync()
    {
        var received = (ulong)connection.LastReceivedLsn;
        var isCopy = offset.IsCopy;
        TakePosition(received);
        if (isCopy && markInFilling is not null)
        {
            // What proves the history is kept before anything may fire.
            await StartCommitAsync(Reached()).ConfigureAwait(false);
            return;
        }

        if (markInFilling is { } at && !output.IsUnsettled)
        {
            // All that came before it is committed already.
            markInFilling = null;
            run.ReadTo(at);
        }

        if (received <= offset.Lsn || time.GetElapsedTime(lastIdleAt) < options.StatusInterval)
        {
            return;
        }

        lastIdleAt = time.GetTimestamp();
        Reached();
        offset = offset with { Lsn = Math.Max(offset.Lsn, received) };
        await StartCommitAsync(offset).ConfigureAwait(false);
        await AcknowledgeAsync().ConfigureAwait(false);
    }

    CdcOffset Reached() => offset = offset with
    {
        Lsn = Math.Max(offset.Lsn, reader.LastCommit), IsCopy = offset.IsCopy && reader.LastMark is null, Mark = reader.LastMark ?? offset.Mark,
    };

    async ValueTask StartCommitAsync(CdcOffset to)
    {
        await AcknowledgeAsync().ConfigureAwait(false);
        await output.StartAsync(to).ConfigureAwait(false);
        if (!reader.InTransaction)
        {
            TakePosition(reader.LastCommit);
            (markInFilling, markCommitting) = (null, markInFilling);
        }
    }

    /// <summary>Where positions stand for marks there is no mark to prove anything by, and an old one would hold WAL back for ever.</summary>
    void TakePosition(ulong lsn)
    {
        if (reader.IsProven && marks.ReachedAt(lsn) is { } at)
        {
            TakeMark(at);
            reader.LastMark = null;
            offset = offset with { IsCopy = false, Mark = null };
        }
    }

    void TakeMark(long? at) => markInFilling = at ?? markInFilling;

    async ValueTask AcknowledgeAsync()
    {
        await output.SettleAsync().ConfigureAwait(false);
        if (output.Committed is { } committed)
        {
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(committed.Mark?.Commit ?? committed.Lsn));
        }

        if (markCommitting is { } at)
        {
            markCommitting = null;
            run.ReadTo(at);
        }
    }
}
