using Npgsql;
using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>Measures, now and then, how much WAL the server has written beyond what is committed to the log.</summary>
internal sealed class LagMonitor(NpgsqlConnection connection, CdcOutput output, ulong start, TimeSpan interval, TimeProvider time, Action<CdcStatus> report)
{
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await using var measure = new NpgsqlCommand("select pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn)::bigint", connection)
                {
                    Parameters = { new() { Value = Slots.Lsn(output.Committed?.Lsn ?? start) } },
                };
                report(new CdcStatus.Streaming(Math.Max(0, (long)(await measure.ExecuteScalarAsync(stop).ConfigureAwait(false))!)));
                await Task.Delay(interval, time, stop).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException || PostgresFailures.IsTransient(e) || e is PostgresException or InvalidOperationException)
        {
            // The lag is for show. When the server is gone, the stream itself will say so.
        }
    }
}
