using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>Makes a slot. The server waits for every transaction that has written something by then, also for one that everybody has forgotten: so the status says for which.</summary>
internal sealed class SlotMaking(CdcRun run, NpgsqlConnection connection, LogicalReplicationConnection replication)
{
    /// <summary>An ordinary transaction has ended by then.</summary>
    static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    const string Awaited = """
        select case when p.gid is not null then
          format('the prepared transaction %L of %s in database %I, of %s. End it there: COMMIT PREPARED %L; or ROLLBACK PREPARED %L;',
                 p.gid, p.owner, p.database, date_trunc('second', p.prepared), p.gid, p.gid)
          else format('session %s (%s), %s, its transaction is of %s. End that, or run select pg_terminate_backend(%s);',
                 h.pid, concat_ws(' ', a.usename, nullif(a.application_name, ''), host(a.client_addr), a.datname), coalesce(a.state, 'in a state that this role may not see'),
                 coalesce(date_trunc('second', a.xact_start)::text, 'an unknown time'), h.pid) end
          from pg_locks w join pg_locks h on h.locktype = 'transactionid' and h.transactionid = w.transactionid and h.granted
          left join pg_stat_activity a on a.pid = h.pid left join pg_prepared_xacts p on p.transaction = h.transactionid
         where w.pid = $1 and w.locktype = 'transactionid' and not w.granted
        """;

    public async Task<PgOutputReplicationSlot> RunAsync(string slot, bool isTemporary, CancellationToken stop)
    {
        // However long that takes.
        replication.CommandTimeout = TimeSpan.Zero;
        var began = UtcInstant.Now(run.Time);
        var making = replication.CreatePgOutputReplicationSlot(slot, isTemporary, LogicalSlotSnapshotInitMode.Export, false, stop);
        while (await Task.WhenAny(making, Task.Delay(Between, run.Time, stop)).ConfigureAwait(false) != making && !stop.IsCancellationRequested)
        {
            if (await AwaitedAsync().ConfigureAwait(false) is { } awaited)
            {
                run.Report(new CdcStatus.Waiting(began, $"to read the tables, every transaction that runs in the source has to end once, and it waits for {awaited}"));
            }
        }

        return await making.ConfigureAwait(false);
    }

    async Task<string?> AwaitedAsync()
    {
        try
        {
            await using var find = new NpgsqlCommand(Awaited, connection) { Parameters = { new() { Value = replication.ProcessID } } };
            return (string?)await find.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // Only the words are missing: how the slot itself ends is what counts.
            return null;
        }
    }
}
