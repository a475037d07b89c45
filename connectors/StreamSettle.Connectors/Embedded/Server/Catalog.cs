using Npgsql;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>A table's columns, in the order that its Relation messages have.</summary>
internal static class Catalog
{
    public static async Task<IReadOnlyList<(string Name, uint TypeOid)>> ColumnsAsync(NpgsqlConnection connection, TableName table, CancellationToken stop)
    {
        const string sql = """
            select a.attname::text, a.atttypid from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = table.Schema }, new() { Value = table.Name } } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var columns = new List<(string, uint)>();
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            columns.Add((row.GetString(0), row.GetFieldValue<uint>(1)));
        }

        return columns;
    }
}
