using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>
/// Holds Marten's table of streams, which is in no leaf, against the events: which streams there are and their versions follow from them, and nothing of the rest is ever set. When a stream was made
/// and appended to last stands there too, by the server's clock alone, and is not looked at.
/// </summary>
internal static class StreamsCheck
{
    /// <summary>Most that are told.</summary>
    const int Most = 10;

    public static async Task<IReadOnlyList<Break>> RunAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        // Sorting was forbidden for the walk over the events; here the planner may choose.
        await using var plan = new NpgsqlCommand("set local enable_sort = on; set local work_mem = '64MB'", connection);
        await plan.ExecuteNonQueryAsync(stop);
        var sql = $"""
            select coalesce(s.id, e.stream_id), s.version, e.last, e.events, s.tenant_id = '*DEFAULT*' and not s.is_archived and s.type is null
              from {tables.Streams} s
              full join (select stream_id, max(version) as last, min(version) as first, count(*) as events from {tables.Events} group by stream_id) e on e.stream_id = s.id
             where s.version is distinct from e.last or e.last <> e.events or e.first <> 1 or (s.tenant_id = '*DEFAULT*' and not s.is_archived and s.type is null) is not true
             order by 1 limit {Most}
            """;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<Break> breaks = [];
        while (await rows.ReadAsync(stop))
        {
            var (stream, version, last, events) = (rows.GetString(0), rows.IsDBNull(1) ? (long?)null : rows.GetInt64(1), rows.IsDBNull(2) ? (long?)null : rows.GetInt64(2), rows.IsDBNull(3) ? 0 : rows.GetInt64(3));
            breaks.Add(new(
                $"stream of order {stream}",
                last is null ? $"mt_streams has it with version {version}, but there is no event of it"
                : version is null ? $"mt_streams has it not, but there are {events} events of it"
                : version != last ? $"mt_streams has version {version}, but its last event has {last}"
                : last != events ? $"its last event has version {last}, but there are {events} events of it"
                : "mt_streams has it archived, or with a tenant or a type, which nothing here sets"));
        }

        return breaks;
    }
}
