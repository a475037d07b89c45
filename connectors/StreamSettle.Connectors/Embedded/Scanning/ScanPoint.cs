using Npgsql;
using NpgsqlTypes;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>
/// A point of the source's WAL for rows that are about to be read: whatever was committed before it is in them, so a row that stands there overtakes no newer change.
/// A commit is in the WAL before others can see it; so it is not enough to ask for the WAL's end and read: all transactions that there were then have to end once.
/// </summary>
internal static class ScanPoint
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Beyond it the wait is worth a word.</summary>
    static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    const string Oldest = """
        select format('a transaction of session %s (%s), which began at %s', pid, concat_ws(' ', usename, nullif(application_name, ''), state), date_trunc('second', xact_start))
          from pg_stat_activity where backend_xid is not null order by xact_start nulls last limit 1
        """;

    /// <param name="waits">Told for what it waits, once that lasts.</param>
    /// <returns>The point, when it has come true: a snapshot that is taken from now on has all that was committed before it.</returns>
    public static async Task<ulong> TakeAsync(NpgsqlConnection connection, TimeProvider time, Action<string> waits, CancellationToken stop)
    {
        // In this order: whoever had committed below the end has a number below the one that is drawn now. That the last ones have not ended yet a snapshot's own bound would not tell.
        var end = await ScalarAsync<NpgsqlLogSequenceNumber>(connection, "select pg_current_wal_insert_lsn()", stop).ConfigureAwait(false);
        var next = await ScalarAsync<ulong>(connection, "select pg_current_xact_id()", stop).ConfigureAwait(false);
        var began = time.GetTimestamp();
        while (await ScalarAsync<ulong>(connection, "select pg_snapshot_xmin(pg_current_snapshot())", stop).ConfigureAwait(false) < next)
        {
            if (time.GetElapsedTime(began) > Usual)
            {
                waits(await ScalarAsync<string?>(connection, Oldest, stop).ConfigureAwait(false) ?? "a prepared transaction (pg_prepared_xacts)");
            }

            await Task.Delay(Pause, time, stop).ConfigureAwait(false);
        }

        return (ulong)end;
    }

    static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        return await row.ReadAsync(stop).ConfigureAwait(false) && !row.IsDBNull(0) ? row.GetFieldValue<T>(0) : default!;
    }
}
