using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>A text that is kept beside the registration of a log: what its state directory goes by and no event tells, for when that is lost.</summary>
/// <param name="column">Of the table of logs.</param>
internal sealed class RegistrationText(string column)
{
    /// <summary>Which completed orders are ours.</summary>
    public static RegistrationText Choice { get; } = new("completed_since");

    /// <summary>What people keep back.</summary>
    public static RegistrationText Holds { get; } = new("holds");

    public static IReadOnlyList<RegistrationText> All { get; } = [Choice, Holds];

    public string Column => column;

    /// <returns>False where the tables are of an earlier release, and nobody has migrated them since: then nothing was kept.</returns>
    public async Task<bool> KeepAsync(NpgsqlConnection connection, Tables tables, Guid logIdentity, string text, CancellationToken stop)
    {
        await using var look = new NpgsqlCommand(
            $"select exists (select from pg_attribute where attrelid = '{tables.Logs}'::regclass and attname = '{column}' and not attisdropped)", connection);
        if (await look.ExecuteScalarAsync(stop) is not true)
        {
            return false;
        }

        await using var keep = new NpgsqlCommand($"update {tables.Logs} set {column} = $2 where log_identity = $1 and {column} is distinct from $2", connection)
        {
            Parameters = { new() { Value = logIdentity }, new() { Value = text } },
        };
        await keep.ExecuteNonQueryAsync(stop);
        return true;
    }

    /// <returns>Null where none was kept.</returns>
    public async Task<string?> ReadAsync(NpgsqlConnection connection, Tables tables, Guid logIdentity, CancellationToken stop)
    {
        await using var read = new NpgsqlCommand($"select to_jsonb(l) ->> '{column}' from {tables.Logs} l where log_identity = $1", connection) { Parameters = { new() { Value = logIdentity } } };
        return await read.ExecuteScalarAsync(stop) as string;
    }
}
