using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>Looks, before anything is made, whether the source can be followed at all; every refusal says what to do.</summary>
internal static class SourceChecks
{
    /// <summary>The first version whose pgoutput sends logical messages.</summary>
    const int OldestVersion = 140_000;

    /// <exception cref="UserMistakeException">A setting, a right, a table or a column is not as it must be.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        await ServerAsync(connection, stop).ConfigureAwait(false);
        foreach (var table in tables)
        {
            await TableAsync(connection, table, stop).ConfigureAwait(false);
        }
    }

    static async Task ServerAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        const string sql = """
            select current_setting('server_version_num')::int, current_setting('wal_level'), rolsuper or rolreplication, current_user::text
              from pg_roles where rolname = current_user
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await row.ReadAsync(stop).ConfigureAwait(false);
        var (version, walLevel, mayReplicate, user) = (row.GetInt32(0), row.GetString(1), row.GetBoolean(2), row.GetString(3));
        if (version < OldestVersion)
        {
            throw new UserMistakeException($"the source is PostgreSQL {version / 10_000}; following its changes needs 14 or newer.");
        }

        if (walLevel != "logical")
        {
            throw new UserMistakeException(
                $"the source has wal_level = {walLevel}, and following its changes needs logical. Run ALTER SYSTEM SET wal_level = logical; and restart PostgreSQL.");
        }

        if (!mayReplicate)
        {
            throw new UserMistakeException($"the source's role {user} may not replicate. Run ALTER ROLE {TableName.Quote(user)} REPLICATION;");
        }
    }

    static async Task TableAsync(NpgsqlConnection connection, CapturedTable table, CancellationToken stop)
    {
        var (oid, identity) = await IdentityAsync(connection, table, stop).ConfigureAwait(false);
        var columns = await ColumnsAsync(connection, oid, stop).ConfigureAwait(false);
        foreach (var column in table.Columns)
        {
            Check(table, column, columns);
        }

        if (!await IsUniqueAsync(connection, oid, table.KeyColumn, stop).ConfigureAwait(false))
        {
            throw new UserMistakeException($"{table.Name}.{table.KeyColumn} keys the records, but it is neither the primary key nor unique by itself.");
        }

        if (table.NeedsFullIdentity && identity != 'f')
        {
            throw new UserMistakeException(
                $"{table.Name} does not have REPLICA IDENTITY FULL, so that changes would come without the row before them and without large values. "
                + $"Run ALTER TABLE {table.Name.Quoted} REPLICA IDENTITY FULL;");
        }

        if (identity == 'n')
        {
            throw new UserMistakeException($"{table.Name} has REPLICA IDENTITY NOTHING. Run ALTER TABLE {table.Name.Quoted} REPLICA IDENTITY DEFAULT;");
        }
    }

    static void Check(CapturedTable table, CapturedColumn column, Dictionary<string, string> columns)
    {
        if (!columns.TryGetValue(column.Name, out var type))
        {
            if (column.Needed)
            {
                throw new UserMistakeException(
                    $"{table.Name} has no column {column.Name}, which is needed. If it has another name there, map it in Source's columns.");
            }

            return;
        }

        var good = column.Kind switch
        {
            "integer" => type is "int2" or "int4" or "int8",
            "numeric" => type is "numeric" or "int2" or "int4" or "int8",
            "timestamptz" => type == "timestamptz",
            "boolean" => type == "bool",
            _ => true,
        };
        if (!good)
        {
            throw new UserMistakeException($"{table.Name}.{column.Name} is of type {type}, expected {column.Kind}.");
        }
    }

    static async Task<(uint Oid, char Identity)> IdentityAsync(NpgsqlConnection connection, CapturedTable table, CancellationToken stop)
    {
        const string sql = """
            select c.oid, c.relkind, c.relreplident, has_table_privilege(c.oid, 'select')
              from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = table.Name.Schema }, new() { Value = table.Name.Name } } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        if (!await row.ReadAsync(stop).ConfigureAwait(false))
        {
            throw new UserMistakeException($"the source has no table {table.Name}. If it has another name there, map it in Source's tables.");
        }

        var kind = row.GetChar(1);
        if (kind != 'r')
        {
            throw new UserMistakeException($"{table.Name} is no ordinary table (relkind {kind}); views and partitioned tables cannot be followed.");
        }

        return row.GetBoolean(3)
            ? (row.GetFieldValue<uint>(0), row.GetChar(2))
            : throw new UserMistakeException($"the source's role may not read {table.Name}. Run GRANT SELECT ON {table.Name.Quoted} TO the role;");
    }

    static async Task<Dictionary<string, string>> ColumnsAsync(NpgsqlConnection connection, uint oid, CancellationToken stop)
    {
        const string sql = """
            select a.attname::text, t.typname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
             where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { Oid(oid) } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var columns = new Dictionary<string, string>();
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            columns.Add(row.GetString(0), row.GetString(1));
        }

        return columns;
    }

    static async Task<bool> IsUniqueAsync(NpgsqlConnection connection, uint oid, string column, CancellationToken stop)
    {
        const string sql = """
            select exists (select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
              where i.indrelid = $1 and i.indisunique and i.indnkeyatts = 1 and i.indpred is null and a.attnotnull and a.attname = $2)
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { Oid(oid), new() { Value = column } } };
        return (bool)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
    }

    static NpgsqlParameter Oid(uint oid) => new() { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid };
}
