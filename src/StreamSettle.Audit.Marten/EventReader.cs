using System.Globalization;
using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten;

/// <summary>What the port reads.</summary>
internal sealed class EventReader(Tables tables)
{
    readonly string positions = $"select topic, partition, next_offset from {tables.Positions} where log_identity = $1";

    readonly string streams = $"select seq_id, version, type, id, data ->> 'Cause', data::text, timestamp, stream_id from {tables.Events} where stream_id = any($1) order by stream_id, version";

    // The streams first, and then what is known of them: a statement costs the same whether many of them are of the period or none.
    readonly string completions = $"""
        select page.id, e.data ->> 'CompletedAt'
          from (select id from {tables.Streams} where ($1::text is null or id > $1) order by id limit $2) page
          left join {tables.Events} e on e.stream_id = page.id and e.type = any($3) and e.data ? 'CompletedAt'
         order by page.id
        """;

    // Counted where the writers' locks are anyway; counting mt_events would read all of it.
    readonly string counts = $"select coalesce(sum(events), 0)::bigint, coalesce(sum(streams), 0)::bigint from {tables.Positions}";

    public async Task<IReadOnlyDictionary<SourcePartition, long>> PositionsAsync(NpgsqlConnection connection, Guid logIdentity, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(positions, connection) { Parameters = { new() { Value = logIdentity } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var found = new Dictionary<SourcePartition, long>();
        while (await rows.ReadAsync(stop))
        {
            found.Add(new(rows.GetString(0), rows.GetInt32(1)), rows.GetInt64(2));
        }

        return found;
    }

    /// <summary>The streams of those orders that have one.</summary>
    public async Task<IReadOnlyDictionary<OrderId, IReadOnlyList<StoredEvent>>> StreamsAsync(NpgsqlConnection connection, IEnumerable<OrderId> orders, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(streams, connection) { CommandTimeout = 0, Parameters = { new() { Value = orders.Select(order => order.ToString()).ToArray() } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var found = new Dictionary<OrderId, IReadOnlyList<StoredEvent>>();
        var (last, events) = ("", new List<StoredEvent>());
        while (await rows.ReadAsync(stop))
        {
            if (rows.GetString(7) is var id && id != last)
            {
                (last, events) = (id, []);
                found.Add(new(long.Parse(id, CultureInfo.InvariantCulture)), events);
            }

            events.Add(Event(rows));
        }

        return found;
    }

    /// <summary>The next streams in the order of the database, and when the order of each is said to be completed; at most <paramref name="most"/> streams, none at the end.</summary>
    /// <param name="after">The last stream that was read; null for the first page.</param>
    public async Task<IReadOnlyList<(string Stream, string? CompletedAt)>> CompletionsAsync(NpgsqlConnection connection, string? after, int most, CancellationToken stop)
    {
        string[] types = [EventKind.SettlementScheduled.Alias(), EventKind.SettlementRescheduled.Alias(), EventKind.SettlementCalculated.Alias()];
        await using var command = new NpgsqlCommand(completions, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new() { Value = (long)most }, new() { Value = types } },
        };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var found = new List<(string, string?)>();
        while (await rows.ReadAsync(stop))
        {
            found.Add((rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1)));
        }

        return found;
    }

    public async Task<EventLogCounts> CountsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(counts, connection);
        await using var rows = await command.ExecuteReaderAsync(stop);
        await rows.ReadAsync(stop);
        return new(rows.GetInt64(0), rows.GetInt64(1));
    }

    static StoredEvent Event(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetGuid(3), row.IsDBNull(4) ? "" : row.GetString(4), row.GetString(5),
        UtcInstant.From(row.GetFieldValue<DateTimeOffset>(6)));
}
