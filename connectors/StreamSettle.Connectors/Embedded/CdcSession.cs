using Npgsql;
using Npgsql.Replication;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Connectors.Embedded.Streaming;

namespace StreamSettle.Connectors.Embedded;

/// <summary>From connecting to the source until the connection ends.</summary>
/// <param name="instance">Names our connections at a first start; later the offset does.</param>
/// <param name="anew">The source is to be read anew, whatever the offset says.</param>
internal sealed class CdcSession(CdcRun run, CdcOffset? offset, string instance, bool anew)
{
    readonly string ourName = offset?.Instance ?? instance;

    /// <summary>The connections stood and the stream began: a failure after it is a new one.</summary>
    public bool HasStreamed { get; private set; }

    /// <param name="markId">Content of the mark to catch up with; null when that is done.</param>
    /// <param name="caughtUp">Called when all that stood before the mark is committed.</param>
    public async Task RunAsync(string? markId, Action caughtUp, CancellationToken stop)
    {
        var connection = await run.Servers.OpenAsync(ourName, stop).ConfigureAwait(false);
        await using var closeConnection = connection.ConfigureAwait(false);
        var replication = await run.Servers.OpenReplicationAsync(ourName, stop).ConfigureAwait(false);
        await using var closeReplication = replication.ConfigureAwait(false);

        var start = await PrepareAsync(connection, replication, stop).ConfigureAwait(false);
        HasStreamed = true;
        run.Report(new CdcStatus.Streaming(null));
        var mark = markId is null ? null : await SourceMark.WriteAsync(connection, markId, stop).ConfigureAwait(false);
        await StreamAsync(connection, replication, start, mark, caughtUp, stop).ConfigureAwait(false);
    }

    async Task<CdcOffset> PrepareAsync(NpgsqlConnection connection, LogicalReplicationConnection replication, CancellationToken stop)
    {
        if (anew || offset is not { Phase: CdcPhase.Streaming } known)
        {
            return await new FirstStart(run, connection, replication).RunAsync(offset, anew, ourName, stop).ConfigureAwait(false);
        }

        await Resume.CheckAsync(run, connection, replication, known, stop).ConfigureAwait(false);
        return known;
    }

    async Task StreamAsync(
        NpgsqlConnection connection, LogicalReplicationConnection replication, CdcOffset start, SourceMark? mark, Action caughtUp, CancellationToken stop)
    {
        var reader = new TransactionReader(run.Tables, run.Options.TopicPrefix, start.Database, run.Time);
        var stream = new ChangeStream(replication, reader, run.Output, run.Lost, start, run.Options, run.Time, mark, caughtUp);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lag = new LagMonitor(connection, run.Output, start.Lsn, run.Options.StatusInterval, run.Time, run.Report).RunAsync(over.Token);
        try
        {
            await stream.RunAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await stream.FinishAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await lag.ConfigureAwait(false);
        }
    }
}
