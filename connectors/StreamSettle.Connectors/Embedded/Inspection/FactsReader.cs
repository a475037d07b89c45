using Npgsql;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>Reads <see cref="SourceFacts"/>; changes nothing.</summary>
internal static class FactsReader
{
    /// <summary>The first version with row filters and column lists.</summary>
    const int FirstWithFilters = 15;

    const string Server = """
        select current_setting('server_version_num')::int, current_setting('wal_level'), pg_is_in_recovery(), getdatabaseencoding(),
               getdatabaseencoding() = 'UTF8' or exists (
                 select from pg_conversion where condefault and conforencoding = pg_char_to_encoding(getdatabaseencoding()) and contoencoding = pg_char_to_encoding('UTF8')),
               current_database()::text, current_user::text, rolsuper or rolreplication, has_database_privilege(current_database(), 'create'),
               current_setting('max_replication_slots')::int, (select count(*) from pg_replication_slots)::int
          from pg_roles where rolname = current_user
        """;

    public static async Task<SourceFacts> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<CapturedTable> tables, string publication, Func<string, string> slotOf, CancellationToken stop)
    {
        var server = await ServerAsync(connection, stop).ConfigureAwait(false);
        var found = new List<TableFacts?>();
        foreach (var table in tables)
        {
            found.Add(await TableReader.ReadAsync(connection, table.Name, stop).ConfigureAwait(false));
        }

        return new(
            server, found, await PublicationAsync(connection, publication, stop).ConfigureAwait(false),
            await Slots.FindAsync(connection, slotOf(server.Database), stop).ConfigureAwait(false));
    }

    static async Task<ServerFacts> ServerAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Server, connection);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await row.ReadAsync(stop).ConfigureAwait(false);
        return new(
            row.GetInt32(0), row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetBoolean(4), row.GetString(5), row.GetString(6), row.GetBoolean(7), row.GetBoolean(8),
            row.GetInt32(9), row.GetInt32(10));
    }

    static async Task<PublicationFacts?> PublicationAsync(NpgsqlConnection connection, string name, CancellationToken stop)
    {
        await using var find = Command(connection, "select pubinsert and pubupdate and pubdelete and pubtruncate from pg_publication where pubname = $1", name);
        if (await find.ExecuteScalarAsync(stop).ConfigureAwait(false) is not bool publishes)
        {
            return null;
        }

        const string filters = """
            select n.nspname::text, c.relname::text from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
              join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace where p.pubname = $1 and
            """;
        var hasFilters = connection.PostgreSqlVersion.Major >= FirstWithFilters;
        return new(
            publishes,
            await TablesAsync(connection, "select schemaname::text, tablename::text from pg_publication_tables where pubname = $1", name, stop).ConfigureAwait(false),
            hasFilters ? await TablesAsync(connection, $"{filters} r.prqual is not null", name, stop).ConfigureAwait(false) : new HashSet<TableName>(),
            hasFilters ? await TablesAsync(connection, $"{filters} r.prattrs is not null", name, stop).ConfigureAwait(false) : new HashSet<TableName>());
    }

    static async Task<HashSet<TableName>> TablesAsync(NpgsqlConnection connection, string sql, string publication, CancellationToken stop)
    {
        await using var command = Command(connection, sql, publication);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var tables = new HashSet<TableName>();
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            tables.Add(new(row.GetString(0), row.GetString(1)));
        }

        return tables;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string name) => new(sql, connection) { Parameters = { new() { Value = name } } };
}
