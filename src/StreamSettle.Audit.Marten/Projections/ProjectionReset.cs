using Npgsql;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>
/// Empties a projection and has it begin anew under another generation, in one transaction: whoever runs it goes on with that, and nothing else is needed. The position of the one before is closed first, with
/// a value that none has: a page that is being written has then either moved it before, and its rows are seen and removed; or does not find it, and is rolled back, however late it comes and whatever the new generation has read.
/// </summary>
internal static class ProjectionReset
{
    const int MaxDeadlocks = 5;

    /// <summary>A position that no projection has.</summary>
    const long Closed = -2;

    public static async Task RunAsync(NpgsqlConnection connection, Tables tables, string projection, CancellationToken stop)
    {
        for (var deadlocks = 0; ; deadlocks++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(stop);
                await EmptyAsync(connection, tables, projection, stop);
                await transaction.CommitAsync(stop);
                return;
            }
            catch (PostgresException failure) when (deadlocks < MaxDeadlocks && failure.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
            }
        }
    }

    static async Task EmptyAsync(NpgsqlConnection connection, Tables tables, string projection, CancellationToken stop)
    {
        var next = (long)(await ExecuteAsync(
            connection, $"insert into {tables.Projections} as p (name, generation, position) values ($1, 2, 0) on conflict (name) do update set (generation, position) = (p.generation + 1, 0) returning generation", projection, stop))!;
        await ExecuteAsync(
            connection, $"insert into {tables.Progression} (name, last_seq_id) values ($1, {Closed}) on conflict (name) do update set last_seq_id = {Closed}", ViewStorage.Shard(projection, next - 1), stop);
        foreach (var table in ViewStorage.Tables(projection))
        {
            await ExecuteAsync(connection, $"delete from {tables.Of(table)}", null, stop);
        }
    }

    static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, string? value, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (value is not null)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(stop);
    }
}
