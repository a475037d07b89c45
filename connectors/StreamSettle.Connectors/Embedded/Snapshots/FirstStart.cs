using System.Data;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>
/// Publication, slot, snapshot. The log is told of the slot before it is made, so that a start that was cut off is known, and begun anew, by the next one.
/// The rows stand at the slot's consistent point: what was committed before it is in them, and what is committed after it is streamed, with a commit at or after
/// that point wherever its changes stand. What an earlier attempt wrote stands lower, because making a slot writes WAL.
/// </summary>
internal sealed class FirstStart(CdcRun run, NpgsqlConnection connection, LogicalReplicationConnection replication)
{
    /// <summary>How often a snapshot is begun again because tables were altered under it.</summary>
    const int MostAttempts = 10;

    /// <param name="begun">The offset of a start that was cut off; null for none.</param>
    /// <param name="anew">A slot of our name may be dropped although the log does not know it.</param>
    /// <exception cref="UserMistakeException">The source is not fit to be followed, or the slot is not ours.</exception>
    public async Task<CdcOffset> RunAsync(CdcOffset? begun, bool anew, string instance, CancellationToken stop)
    {
        SourceInspection.Refuse(await SourceInspection.LookAsync(connection, run.Options, run.Tables, begun, anew, stop).ConfigureAwait(false));
        var system = await replication.IdentifySystem(stop).ConfigureAwait(false);
        var slot = run.Options.SlotFor(system.DbName!);
        CheckSame(begun, system);
        if (anew || begun?.Slot == slot)
        {
            await Slots.WaitUntilFreeAsync(connection, slot, ServerConnections.ApplicationName(instance), run.Options.SlotWait, run.Time, stop).ConfigureAwait(false);
            await Slots.DropAsync(connection, slot, stop).ConfigureAwait(false);
        }

        var offset = new CdcOffset(CdcPhase.Snapshot, 0, system.Timeline, system.SystemId, system.DbName!, slot, instance, default);
        var publicationIsOurs = await Publication.EnsureAsync(connection, run.Options.PublicationName, run.Tables, stop).ConfigureAwait(false);
        try
        {
            await run.Output.CommitAsync(offset).ConfigureAwait(false);
            return await SnapshotAsync(offset, slot, isTemporary: false, stop).ConfigureAwait(false);
        }
        catch (UserMistakeException) when (publicationIsOurs)
        {
            await LeaveNothingAsync(() => Publication.DropAsync(connection, run.Options.PublicationName, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Reads the tables again although the slot lives: what they are read by was altered, so that changes may have been left out of the stream, or have another
    /// shape there. A slot for the moment says at which point exactly; the stream goes on from there. Until that is committed the log knows the old offset only.
    /// </summary>
    public Task<CdcOffset> AgainAsync(CdcOffset known, CancellationToken stop) =>
        SnapshotAsync(known, $"streamsettle_again_{run.Id}", isTemporary: true, stop);

    async Task<CdcOffset> SnapshotAsync(CdcOffset offset, string slot, bool isTemporary, CancellationToken stop)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var before = await FingerprintAsync(stop).ConfigureAwait(false);
            var made = await new SlotMaking(run, connection, replication).RunAsync(slot, isTemporary, stop).ConfigureAwait(false);
            CdcOffset? done = null;
            try
            {
                done = await CopyAsync(made, isTemporary ? null : run.Gate, offset with { Fingerprint = before }, offset, stop).ConfigureAwait(false);
            }
            finally
            {
                if (done is null || isTemporary)
                {
                    await LeaveNothingAsync(() => DropAsync(slot, isTemporary)).ConfigureAwait(false);
                }
            }

            if (done is not null)
            {
                return done;
            }
        }

        throw new EnvironmentFailedException($"the source's tables were altered during each of {MostAttempts} attempts to copy them; start again when that is done");
    }

    /// <param name="whole">The offset for when all rows are there; its position comes from the slot.</param>
    /// <param name="offset">The offset until then.</param>
    /// <returns>Null when a table was altered or rewritten after the slot was made: what the snapshot shows of it is not its rows.</returns>
    async Task<CdcOffset?> CopyAsync(
        PgOutputReplicationSlot made, Func<SnapshotReader, CancellationToken, Task>? gate, CdcOffset whole, CdcOffset offset, CancellationToken stop)
    {
        var isFirst = !run.HasRecords();
        await using var snapshot = await run.Servers.OpenAsync(offset.Instance, answersSoon: false, stop).ConfigureAwait(false);
        await using var transaction = await snapshot.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop).ConfigureAwait(false);
        await ExecuteAsync(snapshot, $"set transaction snapshot '{made.SnapshotName}'", stop).ConfigureAwait(false);
        if (await HoldStillAsync(snapshot, whole, offset, stop).ConfigureAwait(false) is not { } held)
        {
            return null;
        }

        if (gate is not null)
        {
            await gate(new SnapshotReader(snapshot, run.Options), stop).ConfigureAwait(false);
        }

        await using var oldest = new NpgsqlCommand("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", snapshot);
        var txId = unchecked((uint)(long)(await oldest.ExecuteScalarAsync(stop).ConfigureAwait(false))!);
        var point = new ChangePoint((ulong)made.ConsistentPoint, txId, UtcInstant.Now(run.Time).Microseconds, 0, SnapshotLabel.True);
        run.Report(new CdcStatus.Snapshotting(0));
        var copy = new SnapshotCopy(run, snapshot, offset.Database, point);
        var shapes = await copy.RunAsync(offset, stop).ConfigureAwait(false);
        if (!isFirst)
        {
            // Rows of an attempt that was cut off, or of before what was altered, may have vanished since.
            copy.Sweep(shapes);
        }

        // Where no marks may be written none ever comes.
        var isCopy = offset is not { Phase: CdcPhase.Streaming, IsCopy: false, Mark: null };
        var done = whole with { Phase = CdcPhase.Streaming, Lsn = (ulong)made.ConsistentPoint, Columns = KnownColumns.Of(run.Tables, held), IsCopy = isCopy };
        await run.Output.CommitAsync(done).ConfigureAwait(false);
        return done;
    }

    /// <summary>
    /// Locks the tables against DDL until the copy is done, and looks whether they are still what they were when the slot was made. They are not locked before
    /// that: the slot waits for every running transaction, and one of those may wait for our lock, which no deadlock detector would see.
    /// </summary>
    /// <returns>The tables as they are; null when they are others.</returns>
    async Task<IReadOnlyList<TableFacts?>?> HoldStillAsync(NpgsqlConnection snapshot, CdcOffset whole, CdcOffset offset, CancellationToken stop)
    {
        var list = string.Join(", ", run.Tables.Select(table => $"only {table.Name.Quoted}"));
        await ExecuteAsync(snapshot, $"lock table {list} in access share mode", stop).ConfigureAwait(false);
        var now = await SourceInspection.FactsAsync(connection, run.Options, run.Tables, offset, stop).ConfigureAwait(false);
        SourceInspection.Refuse(SourceInspection.Judge(now, run.Options, run.Tables, offset, anew: false));
        var fingerprint = await FingerprintAsync(stop).ConfigureAwait(false);
        if (!whole.Fingerprint.Span.SequenceEqual(fingerprint))
        {
            return null;
        }

        foreach (var table in run.Tables)
        {
            var then = await TableReader.ReadAsync(snapshot, table.Name, stop).ConfigureAwait(false);
            if (then?.IsSameAs(now.Tables[table.Index]!) != true)
            {
                return null;
            }
        }

        return now.Tables;
    }

    /// <summary>Positions of another server say nothing about those in the log, so that its rows could not be told from stale ones.</summary>
    void CheckSame(CdcOffset? begun, ReplicationSystemIdentification system)
    {
        if (begun is not null && (begun.SystemId != system.SystemId || begun.Database != system.DbName) && run.HasRecords())
        {
            throw new UserMistakeException(
                $"a first snapshot of database {begun.Database} on the PostgreSQL cluster {begun.SystemId} was begun in this state directory, but the source is database "
                + $"{system.DbName} on {system.SystemId}. Give the right Source:ConnectionString, or another StateDirectory, Source:SlotName and Audit:Schema for another shop.");
        }
    }

    async Task DropAsync(string slot, bool isTemporary)
    {
        await run.Output.DropAsync().ConfigureAwait(false);
        if (isTemporary)
        {
            // It is its connection's own, and goes with that at the latest.
            await replication.DropReplicationSlot(slot, wait: false, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            await Slots.DropAsync(connection, slot, CancellationToken.None).ConfigureAwait(false);
        }
    }

    Task<byte[]> FingerprintAsync(CancellationToken stop) => SourceFingerprint.ReadAsync(connection, run.Options.PublicationName, run.Tables, stop);

    /// <summary>A start that failed leaves nothing behind: above all no slot that holds WAL back.</summary>
    static async Task LeaveNothingAsync(Func<Task> drop)
    {
        try
        {
            await drop().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The next start finds the slot by the offset and drops it then.
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection on, string sql, CancellationToken stop)
    {
        // A lock is waited for as long as a running DDL takes.
        await using var command = new NpgsqlCommand(sql, on) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }
}
