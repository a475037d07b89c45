using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten;

/// <summary>What the port reads.</summary>
internal sealed class EventReader(Tables tables)
{
    readonly string positions = $"select topic, partition, next_offset from {tables.Positions} where log_identity = $1";

    readonly string stream = $"select seq_id, version, type, id, data ->> 'Cause', data::text, timestamp from {tables.Events} where stream_id = $1 order by version";

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

    public async Task<IReadOnlyList<StoredEvent>> StreamAsync(NpgsqlConnection connection, OrderId order, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(stream, connection) { Parameters = { new() { Value = order.ToString() } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var found = new List<StoredEvent>();
        while (await rows.ReadAsync(stop))
        {
            var cause = rows.IsDBNull(4) ? "" : rows.GetString(4);
            var storedAt = UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(6));
            found.Add(new(rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2), rows.GetGuid(3), cause, rows.GetString(5), storedAt));
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
}
