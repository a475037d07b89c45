using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>
/// What the tables are read by, as one hash: the publication and its members, the tables under their names with their replica identity and those that inherit
/// from them, what makes their keys unique at every instant, and the columns that settlement reads, each with the number of the transaction that wrote its row of the
/// catalog. While it is the same, nobody has altered any of it, not even there and back: so nothing was left out of the stream, or came by another shape. Where a
/// table is published with its schema or with all there are, it has no row of its own that would tell that it was not published in between (unlogged, in another
/// schema, a partition): so the row of the table itself stands for that. A replica identity that was another in between is told by the stream itself, with the first
/// change that it concerns. Equal ones have the same 32 bytes.
/// </summary>
internal static class SourceFingerprint
{
    /// <summary>The first version with schemas in publications.</summary>
    const int FirstWithSchemas = 15;

    /// <summary>The label of an enumeration that makes an order ours; new labels beside it change nothing.</summary>
    const string Completed = "COMPLETED";

    const string Sql = """
        with recursive publication as (select oid, xmin, puballtables from pg_publication where pubname = $1),
             named as (select unnest($2::text[]) as schema, unnest($3::text[]) as name, unnest($4::text[]) as col, unnest($5::bool[]) as key),
             class as (select distinct c.oid, n.oid as schema, c.relreplident, c.relpersistence, c.xmin::text as xmin, d.schema || '.' || d.name as name
                         from named d join pg_namespace n on n.nspname = d.schema join pg_class c on c.relnamespace = n.oid and c.relname = d.name),
             attribute as (select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.xmin, d.key from named d join class c on c.name = d.schema || '.' || d.name join pg_attribute a on a.attrelid = c.oid and a.attname = d.col),
             base (oid) as (select atttypid from attribute union select t.typbasetype from base b join pg_type t on t.oid = b.oid where t.typtype = 'd')
        select coalesce(string_agg(line, E'\n' order by line collate "C"), '') from (
          select concat_ws(' ', 'publication', oid, xmin) from publication
          union all select concat_ws(' ', 'member', r.oid, r.xmin, r.prrelid) from pg_publication_rel r join publication p on p.oid = r.prpubid join class c on c.oid = r.prrelid
          {schemas}
          union all select concat_ws(' ', 'table', oid, name, relreplident, relpersistence, case when exists (select from publication p where p.puballtables {by schema}) then xmin end) from class c
          union all select concat_ws(' ', 'child', h.inhrelid, h.xmin) from pg_inherits h join class c on c.oid = h.inhparent
          union all select concat_ws(' ', 'column', attrelid, attnum, attname, atttypid, atttypmod, xmin) from attribute
          union all select concat_ws(' ', 'key', coalesce(k.oid, i.indexrelid)) from attribute a join pg_index i on i.indrelid = a.attrelid and i.indkey[0] = a.attnum
              left join pg_constraint k on k.conrelid = i.indrelid and k.conindid = i.indexrelid and k.contype in ('p', 'u')
             where a.key and i.indisunique and i.indisvalid and i.indimmediate and i.indnkeyatts = 1 and i.indpred is null
          union all select concat_ws(' ', 'label', e.oid, e.xmin) from pg_enum e join base b on b.oid = e.enumtypid where e.enumlabel = $6
        ) as lines (line)
        """;

    const string BySchema = "or exists (select from pg_publication_namespace s where s.pnpubid = p.oid and s.pnnspid = c.schema)";

    const string Schemas = "union all select concat_ws(' ', 'schema', s.oid, s.xmin) from pg_publication_namespace s join publication p on p.oid = s.pnpubid join class c on c.schema = s.pnnspid";

    public static async Task<byte[]> ReadAsync(NpgsqlConnection connection, string publication, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        var columns = tables.SelectMany(table => table.Columns.Select(column => (table.Name, Column: column.Name, IsKey: column.Name == table.KeyColumn))).ToList();
        var hasSchemas = connection.PostgreSqlVersion.Major >= FirstWithSchemas;
        var sql = Sql.Replace("{schemas}", hasSchemas ? Schemas : "", StringComparison.Ordinal).Replace("{by schema}", hasSchemas ? BySchema : "", StringComparison.Ordinal);
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                new() { Value = publication },
                new() { Value = columns.Select(column => column.Name.Schema).ToArray() },
                new() { Value = columns.Select(column => column.Name.Name).ToArray() },
                new() { Value = columns.Select(column => column.Column).ToArray() },
                new() { Value = columns.Select(column => column.IsKey).ToArray() },
                new() { Value = Completed },
            },
        };
        var lines = (string)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
        return SHA256.HashData(Encoding.UTF8.GetBytes(lines));
    }
}
