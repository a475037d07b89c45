using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>
/// What the tables are read by, as one hash: the publication and its members, the tables under their names with their replica identity and those that inherit
/// from them, and the columns that settlement reads, each with the number of the transaction that wrote its row of the catalog. While it is the same, nobody has
/// altered any of it, not even there and back: so nothing was left out of the stream, or came by another shape. A replica identity that was another in between is
/// told by the stream itself, with the first change that it concerns. Equal ones have the same 32 bytes.
/// </summary>
internal static class SourceFingerprint
{
    /// <summary>The first version with schemas in publications.</summary>
    const int FirstWithSchemas = 15;

    /// <summary>The label of an enumeration that makes an order ours; new labels beside it change nothing.</summary>
    const string Completed = "COMPLETED";

    const string Sql = """
        with publication as (select oid, xmin from pg_publication where pubname = $1),
             named as (select unnest($2::text[]) as schema, unnest($3::text[]) as name, unnest($4::text[]) as col),
             class as (select distinct c.oid, n.oid as schema, c.relreplident, d.schema || '.' || d.name as name
                         from named d join pg_namespace n on n.nspname = d.schema join pg_class c on c.relnamespace = n.oid and c.relname = d.name),
             attribute as (select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.xmin from named d join class c on c.name = d.schema || '.' || d.name join pg_attribute a on a.attrelid = c.oid and a.attname = d.col)
        select coalesce(string_agg(line, E'\n' order by line collate "C"), '') from (
          select concat_ws(' ', 'publication', oid, xmin) from publication
          union all select concat_ws(' ', 'member', r.oid, r.xmin, r.prrelid) from pg_publication_rel r join publication p on p.oid = r.prpubid join class c on c.oid = r.prrelid
          {schemas}
          union all select concat_ws(' ', 'table', oid, name, relreplident) from class
          union all select concat_ws(' ', 'child', h.inhrelid, h.xmin) from pg_inherits h join class c on c.oid = h.inhparent
          union all select concat_ws(' ', 'column', attrelid, attnum, attname, atttypid, atttypmod, xmin) from attribute
          union all select concat_ws(' ', 'label', e.oid, e.xmin) from pg_enum e join attribute a on a.atttypid = e.enumtypid where e.enumlabel = $5
        ) as lines (line)
        """;

    const string Schemas = "union all select concat_ws(' ', 'schema', s.oid, s.xmin) from pg_publication_namespace s join publication p on p.oid = s.pnpubid join class c on c.schema = s.pnnspid";

    public static async Task<byte[]> ReadAsync(NpgsqlConnection connection, string publication, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        var columns = tables.SelectMany(table => table.Columns.Select(column => (table.Name, Column: column.Name))).ToList();
        var sql = Sql.Replace("{schemas}", connection.PostgreSqlVersion.Major >= FirstWithSchemas ? Schemas : "", StringComparison.Ordinal);
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                new() { Value = publication },
                new() { Value = columns.Select(column => column.Name.Schema).ToArray() },
                new() { Value = columns.Select(column => column.Name.Name).ToArray() },
                new() { Value = columns.Select(column => column.Column).ToArray() },
                new() { Value = Completed },
            },
        };
        var lines = (string)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
        return SHA256.HashData(Encoding.UTF8.GetBytes(lines));
    }
}
