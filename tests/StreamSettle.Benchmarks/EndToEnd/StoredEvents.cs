using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>Events as they are in the event log: what the service says of their number is some seconds old.</summary>
/// <param name="Count">All kinds.</param>
/// <param name="DueToCalculationP50Ms">From an order's mark to when its money was divided.</param>
/// <param name="DueToCalculationP99Ms">The same.</param>
sealed record StoredEvents(long Count, double DueToCalculationP50Ms, double DueToCalculationP99Ms)
{
    /// <param name="first">The first order's id; the others follow it.</param>
    public static async Task<StoredEvents> ReadAsync(PrivatePostgres postgres, long first)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = database.CreateCommand($"""
            with events as (select stream_id, type, data from {new AuditOptions().Schema}.mt_events where stream_id::bigint >= $1),
            waits as (
                select extract(epoch from (c.data ->> 'RecordedAt')::timestamptz - (d.data ->> 'DueAt')::timestamptz) * 1000 as ms
                from events c join events d using (stream_id) where c.type = 'settlement_calculated' and d.type = 'settlement_scheduled')
            select (select count(*) from events), coalesce(percentile_disc(0.5) within group (order by ms), 0)::float8, coalesce(percentile_disc(0.99) within group (order by ms), 0)::float8 from waits
            """);
        command.Parameters.Add(new() { Value = first });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetInt64(0), Math.Round(row.GetDouble(1)), Math.Round(row.GetDouble(2)));
    }
}
