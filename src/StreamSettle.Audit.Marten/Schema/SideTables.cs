using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Our own tables beside Marten's, which would drop a column of ours from its own, with the data.</summary>
internal static class SideTables
{
    /// <summary>Creates what is missing. With everything there it only reads, so a role without CREATE can open the log.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var look = new NpgsqlCommand("select to_regclass($1) is not null and to_regclass($2) is not null", connection)
        {
            Parameters = { new() { Value = tables.Logs }, new() { Value = tables.Positions } },
        };
        if (await look.ExecuteScalarAsync(stop) is true)
        {
            return;
        }

        // Two services that start at once would both see nothing there: one waits for the other.
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var create = new NpgsqlCommand(
            $"""
            select pg_advisory_xact_lock(hashtextextended('streamsettle.side-tables', 0));
            create table if not exists {tables.Logs} (
                log_identity uuid primary key,
                system_identifier text,
                slot_name text,
                created_at timestamptz not null default now());
            create table if not exists {tables.Positions} (
                log_identity uuid not null references {tables.Logs} on delete cascade,
                topic text not null,
                partition integer not null,
                next_offset bigint not null,
                events bigint not null default 0,
                streams bigint not null default 0,
                primary key (log_identity, topic, partition));
            """,
            connection,
            transaction);
        await create.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
    }
}
