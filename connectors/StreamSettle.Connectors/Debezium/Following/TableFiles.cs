using System.Security.Cryptography;
using System.Text;
using Npgsql;
using StreamSettle.Connectors.Embedded;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// The files that the tables are in: <c>TRUNCATE</c> gives a table another one. Debezium tells of it in a single record of one partition, so the tasks of the others would
/// hear nothing, and rows that are gone would be settled. What rewrites a table (<c>VACUUM FULL</c>, <c>CLUSTER</c>) looks the same from here.
/// Nothing is gone by what happens to an outbox's rows.
/// </summary>
internal static class TableFiles
{
    /// <summary>Another fingerprint where a table is in another file.</summary>
    public static async Task<byte[]> AddToAsync(byte[] fingerprint, NpgsqlConnection connection, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        const string sql = "select coalesce(string_agg(coalesce(pg_relation_filenode(to_regclass(name))::text, '-'), ' ' order by at), '') from unnest($1::text[]) with ordinality as tables (name, at)";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = tables.Where(table => !table.IsOutbox).Select(table => table.Name.Quoted).ToArray() } } };
        var files = (string)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
        return SHA256.HashData([.. fingerprint, .. Encoding.UTF8.GetBytes(files)]);
    }
}
