using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Which completed orders are ours, beside the registration: the state directory decides by its own, and may be lost.</summary>
internal static class LogChoice
{
    public const string Column = "completed_since";

    /// <summary>A role that may not migrate may meet tables of an earlier release: then it is kept when somebody has.</summary>
    public static async Task KeepAsync(NpgsqlConnection connection, Tables tables, Guid logIdentity, string choice, CancellationToken stop)
    {
        await using var look = new NpgsqlCommand(
            $"select exists (select from pg_attribute where attrelid = '{tables.Logs}'::regclass and attname = '{Column}' and not attisdropped)", connection);
        if (await look.ExecuteScalarAsync(stop) is not true)
        {
            return;
        }

        await using var keep = new NpgsqlCommand($"update {tables.Logs} set {Column} = $2 where log_identity = $1 and {Column} is distinct from $2", connection)
        {
            Parameters = { new() { Value = logIdentity }, new() { Value = choice } },
        };
        await keep.ExecuteNonQueryAsync(stop);
    }

    public static async Task<string?> ReadAsync(NpgsqlConnection connection, Tables tables, Guid logIdentity, CancellationToken stop)
    {
        await using var read = new NpgsqlCommand($"select to_jsonb(l) ->> '{Column}' from {tables.Logs} l where log_identity = $1", connection) { Parameters = { new() { Value = logIdentity } } };
        return await read.ExecuteScalarAsync(stop) as string;
    }
}
