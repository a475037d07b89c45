using Npgsql;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Up to which sequence number all events are there that ever will be (docs/decisions/0048). Not thread-safe.</summary>
internal sealed class Horizon(Tables tables)
{
    readonly string look = $"""
        select coalesce((select last_value from pg_sequences where schemaname = '{tables.Schema}' and sequencename = 'mt_events_sequence'), 0),
               pg_snapshot_xmin(pg_current_snapshot()), coalesce((select max(number) from {tables.Seals}), 0)
        """;

    (long Sequence, ulong Transaction)? asked;

    /// <summary>A number was asked for, and some transaction that may still write up to it is open.</summary>
    public bool IsWaiting => asked is not null;

    /// <summary>How the log stands, and whether what was asked for is reached.</summary>
    /// <returns>The last number that was drawn, the newest seal's number, and the horizon once it is reached.</returns>
    public async Task<(long Drawn, long Seals, long? Reached)> LookAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(look, connection);
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        var oldestOpen = row.GetFieldValue<ulong>(1);
        return (row.GetInt64(0), row.GetInt64(2), asked is { } one && oldestOpen > one.Transaction ? one.Sequence : null);
    }

    /// <summary>Asks for the horizon of what was drawn so far: whoever drew it has a transaction id that is lower than the one that is taken now.</summary>
    /// <remarks><c>pg_snapshot_xmax</c> would be too low: it is behind the last transaction that has <i>ended</i>, and later ones that are open are not below it.</remarks>
    /// <param name="drawn">Of a look before, so that the id is the later.</param>
    public async Task AskAsync(NpgsqlConnection connection, long drawn, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select pg_current_xact_id()", connection);
        asked = (drawn, (ulong)(await command.ExecuteScalarAsync(stop))!);
    }

    /// <summary>What was asked for is done with, or of another server.</summary>
    public void Forget() => asked = null;
}
