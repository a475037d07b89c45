using Npgsql;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>What is asked of the server beside the stream, as long as that runs: marks, often, and now and then how far it is ahead of the log.</summary>
internal sealed class SourceWatch(CdcRun run, NpgsqlConnection connection, SourceMarks marks, ulong start)
{
    long lastLagAt;

    /// <summary>Runs until it is stopped, and then ends at once, whether the server answers or not: closing the connection ends what was asked.</summary>
    /// <exception cref="NpgsqlException">The server does not answer any more: the stream is not to be believed alive either.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await marks.WriteAsync(connection, stop).ConfigureAwait(false);
            if (lastLagAt == 0 || run.Time.GetElapsedTime(lastLagAt) >= run.Options.StatusInterval)
            {
                lastLagAt = run.Time.GetTimestamp();
                await MeasureLagAsync(stop).ConfigureAwait(false);
            }

            await Task.Delay(run.Options.MarkInterval, run.Time, stop).ConfigureAwait(false);
        }
    }

    async Task MeasureLagAsync(CancellationToken stop)
    {
        const string sql = """
            select greatest(0, pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, $1::pg_lsn))::bigint
            """;
        await using var measure = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Slots.Lsn(run.Output.Committed?.Lsn ?? start) } } };
        run.Report(new CdcStatus.Streaming((long)(await measure.ExecuteScalarAsync(CancellationToken.None).WaitAsync(stop).ConfigureAwait(false))!));
    }
}
