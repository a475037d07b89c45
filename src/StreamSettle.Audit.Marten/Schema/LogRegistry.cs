using Npgsql;
using NpgsqlTypes;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Which log feeds this event log: at most one row.</summary>
internal static class LogRegistry
{
    public static async Task<(LogRegistration Log, UtcInstant Since)?> OwnerAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"select log_identity, system_identifier, slot_name, created_at from {tables.Logs}", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
        {
            return null;
        }

        var log = new LogRegistration(reader.GetGuid(0), Text(reader, 1), Text(reader, 2));
        return (log, UtcInstant.From(reader.GetFieldValue<DateTimeOffset>(3)));
    }

    public static async Task<bool> IsEmptyAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"select not exists (select from {tables.Events})", connection);
        return await command.ExecuteScalarAsync(stop) is true;
    }

    public static async Task<RegisterLogResult> RegisterAsync(NpgsqlConnection connection, Tables tables, LogRegistration log, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ExecuteAsync(connection, $"lock table {tables.Logs} in share row exclusive mode", stop);
        var owner = await OwnerAsync(connection, tables, stop);
        if (owner?.Log.Identity == log.Identity)
        {
            return new RegisterLogResult.Known();
        }

        if (owner is { } other)
        {
            return new RegisterLogResult.OtherLog(other.Log, other.Since);
        }

        if (!await IsEmptyAsync(connection, tables, stop))
        {
            return new RegisterLogResult.UnownedEvents();
        }

        await InsertAsync(connection, tables, log, stop);
        await transaction.CommitAsync(stop);
        return new RegisterLogResult.Registered();
    }

    public static async Task WithdrawAsync(NpgsqlConnection connection, Tables tables, Guid logIdentity, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ExecuteAsync(connection, $"lock table {tables.Logs} in share row exclusive mode", stop);

        // Deleted first and looked at after: a writer in flight holds the row through its positions, so its events are seen or it fails.
        await using var delete = new NpgsqlCommand($"delete from {tables.Logs} where log_identity = $1", connection) { Parameters = { new() { Value = logIdentity } } };
        await delete.ExecuteNonQueryAsync(stop);
        if (await IsEmptyAsync(connection, tables, stop))
        {
            await transaction.CommitAsync(stop);
        }
    }

    /// <summary>The positions go with the events that they counted, and begin anew.</summary>
    public static async Task HandOverAsync(NpgsqlConnection connection, Tables tables, Guid from, LogRegistration to, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ExecuteAsync(connection, $"lock table {tables.Logs} in share row exclusive mode", stop);
        if (await OwnerAsync(connection, tables, stop) is not { } owner || owner.Log.Identity != from)
        {
            throw new UserMistakeException($"The event log in schema '{tables.Schema}' does not belong to the log with identity {from} any more: somebody else has begun to rebuild its state. Let one go on.");
        }

        await InsertAsync(connection, tables, to, stop);
        foreach (var kept in RegistrationText.All)
        {
            if (await kept.ReadAsync(connection, tables, from, stop) is { } text)
            {
                await kept.KeepAsync(connection, tables, to.Identity, text, stop);
            }
        }

        await using var move = new NpgsqlCommand(
            $"update {tables.Positions} set log_identity = $2, next_offset = 0 where log_identity = $1", connection) { Parameters = { new() { Value = from }, new() { Value = to.Identity } } };
        await move.ExecuteNonQueryAsync(stop);
        await using var delete = new NpgsqlCommand($"delete from {tables.Logs} where log_identity = $1", connection) { Parameters = { new() { Value = from } } };
        await delete.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
    }

    static async Task InsertAsync(NpgsqlConnection connection, Tables tables, LogRegistration log, CancellationToken stop)
    {
        await using var insert = new NpgsqlCommand($"insert into {tables.Logs} (log_identity, system_identifier, slot_name) values ($1, $2, $3)", connection)
        {
            Parameters =
            {
                new() { Value = log.Identity },
                new() { Value = (object?)log.SystemIdentifier ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)log.SlotName ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await insert.ExecuteNonQueryAsync(stop);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
