using Npgsql;
using NpgsqlTypes;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>Reads <see cref="TableFacts"/>. Rows of the catalog are seen as the transaction's snapshot has them, rights as they are now.</summary>
internal static class TableReader
{
    /// <summary>Bytes that a <c>character(n)</c>'s type modifier has beside n.</summary>
    const int ModifierHeader = 4;

    const string Table = """
        select c.oid, c.relfilenode, c.relkind, c.relpersistence, c.relreplident, c.relispartition, pg_get_userbyid(c.relowner)::text, pg_has_role(c.relowner, 'usage'),
               has_schema_privilege(n.oid, 'usage'), has_table_privilege(c.oid, 'select'), has_any_column_privilege(c.oid, 'select'), row_security_active(c.oid),
               (select string_agg(format('%I.%I', cn.nspname, child.relname), ', ' order by cn.nspname, child.relname)
                  from pg_inherits h join pg_class child on child.oid = h.inhrelid join pg_namespace cn on cn.oid = child.relnamespace where h.inhparent = c.oid)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2
        """;

    const string Unique = """
        select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = $1 and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null and a.attnotnull
        """;

    const string Immediate = $"{Unique} and i.indimmediate";

    /// <summary>A deferrable key names no old rows, as the server sees it.</summary>
    const string Identity = """
        select a.attname::text from pg_index i join pg_class c on c.oid = i.indrelid
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])
         where i.indrelid = $1 and i.indisvalid and i.indimmediate and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
        """;

    const string Triggers = """
        select p.proname::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = $1 and not t.tgisinternal and t.tgenabled in ('O', 'A')
        """;

    const string Columns = """
        select a.attname::text, a.atttypid, format_type(a.atttypid, a.atttypmod), b.typname::text, t.typtype = 'd', a.attgenerated <> '',
               case when b.typname = 'bpchar' then case when t.typtype = 'd' then t.typtypmod else a.atttypmod end end,
               case when b.typtype = 'e' then array(select e.enumlabel::text from pg_enum e where e.enumtypid = b.oid order by e.enumsortorder) end
          from pg_attribute a join pg_type t on t.oid = a.atttypid join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
         where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum
        """;

    /// <returns>Null where there is no relation of the name.</returns>
    public static async Task<TableFacts?> ReadAsync(NpgsqlConnection connection, TableName name, CancellationToken stop)
    {
        if (await TableAsync(connection, name, stop).ConfigureAwait(false) is not { } table)
        {
            return null;
        }

        return table with
        {
            UniqueColumns = await NamesAsync(connection, Unique, table.Oid, stop).ConfigureAwait(false),
            ImmediateColumns = await NamesAsync(connection, Immediate, table.Oid, stop).ConfigureAwait(false),
            IdentityColumns = await NamesAsync(connection, Identity, table.Oid, stop).ConfigureAwait(false),
            Triggers = await NamesAsync(connection, Triggers, table.Oid, stop).ConfigureAwait(false),
            Columns = await ColumnsAsync(connection, table.Oid, stop).ConfigureAwait(false),
        };
    }

    static async Task<TableFacts?> TableAsync(NpgsqlConnection connection, TableName name, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Table, connection) { Parameters = { new() { Value = name.Schema }, new() { Value = name.Name } } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        return await row.ReadAsync(stop).ConfigureAwait(false)
            ? new(
                row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), row.GetChar(2), row.GetChar(3), row.GetChar(4), row.GetBoolean(5), row.GetString(6),
                row.GetBoolean(7), row.GetBoolean(8), row.GetBoolean(9), row.GetBoolean(10), row.GetBoolean(11), row.IsDBNull(12) ? null : row.GetString(12),
                new HashSet<string>(), new HashSet<string>(), new HashSet<string>(), [])
            : null;
    }

    static async Task<HashSet<string>> NamesAsync(NpgsqlConnection connection, string sql, uint oid, CancellationToken stop)
    {
        await using var command = Command(connection, sql, oid);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    static async Task<IReadOnlyList<ColumnFacts>> ColumnsAsync(NpgsqlConnection connection, uint oid, CancellationToken stop)
    {
        await using var command = Command(connection, Columns, oid);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var columns = new List<ColumnFacts>();
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            columns.Add(new(
                row.GetString(0), row.GetFieldValue<uint>(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5),
                row.IsDBNull(6) ? null : row.GetInt32(6) - ModifierHeader, row.IsDBNull(7) ? null : row.GetFieldValue<string[]>(7)));
        }

        return columns;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, uint oid) =>
        new(sql, connection) { Parameters = { new() { Value = oid, NpgsqlDbType = NpgsqlDbType.Oid } } };
}
