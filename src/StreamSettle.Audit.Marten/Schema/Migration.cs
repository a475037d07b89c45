using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Who may change the schema, and one at a time.</summary>
internal static class Migration
{
    /// <summary>False for a role that may not create in a schema that exists: it takes what is there. Marten could not even see with its rights whether something is missing.</summary>
    public static async Task<bool> MayRunAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select coalesce(has_schema_privilege(to_regnamespace($1)::oid, 'CREATE'), true)", connection)
        {
            Parameters = { new() { Value = $"\"{tables.Schema}\"" } },
        };
        return await command.ExecuteScalarAsync(stop) is true;
    }

    /// <summary>A transaction that holds the lock until it ends: services that start at once would each create what the other is creating.</summary>
    public static async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        var transaction = await connection.BeginTransactionAsync(stop);
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", connection, transaction)
        {
            Parameters = { new() { Value = $"streamsettle.schema.{tables.Schema}" } },
        };
        await command.ExecuteNonQueryAsync(stop);
        return transaction;
    }
}
