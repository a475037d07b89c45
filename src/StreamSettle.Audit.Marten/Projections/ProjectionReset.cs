using Npgsql;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>
/// Empties a projection and has it begin anew under another generation, in one transaction: whoever runs it goes on with that, and nothing else is needed. A page that is being written has either moved the position of the
/// generation before, and its rows are seen and removed; or it does not find it any more (<see cref="OnceProjection"/>), and is rolled back, however late it comes and whatever the new generation has read.
/// </summary>
internal static class ProjectionReset
{
    const int MaxDeadlocks = 5;

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
        await ExecuteAsync(
            connection, $"insert into {tables.Projections} as p (name, generation, position) values ($1, 2, 0) on conflict (name) do update set (generation, position) = (p.generation + 1, 0)", projection, stop);
        foreach (var table in ViewStorage.Tables(projection))
        {
            await ExecuteAsync(connection, $"delete from {tables.Of(table)}", null, stop);
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string? value, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (value is not null)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(stop);
    }
}
