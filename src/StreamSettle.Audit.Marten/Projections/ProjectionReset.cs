using Npgsql;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>
/// Empties a projection and puts it back to the beginning of the log, in one transaction: whoever runs it goes on from there, and nothing else is needed to make it anew. Its position goes first: a
/// page that is being written then either has moved it before, and its rows are seen and removed; or finds it gone, and is rolled back.
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
                await ExecuteAsync(connection, $"delete from {tables.Progression} where name = '{ViewStorage.Shard(projection)}'", stop);
                foreach (var table in ViewStorage.Tables(projection))
                {
                    await ExecuteAsync(connection, $"delete from {tables.Of(table)}", stop);
                }

                await transaction.CommitAsync(stop);
                return;
            }
            catch (PostgresException failure) when (deadlocks < MaxDeadlocks && failure.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
            }
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(stop);
    }
}
