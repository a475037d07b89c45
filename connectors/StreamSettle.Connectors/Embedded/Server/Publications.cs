using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>Makes the publication, or looks whether the one that is there publishes what is needed.</summary>
internal static class Publications
{
    /// <exception cref="UserMistakeException">It publishes too little, or may not be made.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, string name, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        var list = string.Join(", ", tables.Select(table => table.Name.Quoted));
        var create = $"CREATE PUBLICATION {TableName.Quote(name)} FOR TABLE {list}";
        if (await PublishesAllAsync(connection, name, stop).ConfigureAwait(false) is { } publishesAll)
        {
            await CheckAsync(connection, name, tables, publishesAll, stop).ConfigureAwait(false);
            return;
        }

        try
        {
            await using var command = new NpgsqlCommand(create, connection);
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new UserMistakeException($"the source's role may not make the publication: {e.MessageText}. Let the tables' owner run {create};", e);
        }
    }

    /// <summary>Looks only.</summary>
    /// <exception cref="UserMistakeException">It is gone or publishes too little.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, string name, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        var publishesAll = await PublishesAllAsync(connection, name, stop).ConfigureAwait(false)
            ?? throw new UserMistakeException(
                $"the publication {name} is gone from the source. Give the Source:PublicationName that was read by; a dropped one is lost together with its slot. {Remedies.ReadAnew}");
        await CheckAsync(connection, name, tables, publishesAll, stop).ConfigureAwait(false);
    }

    static async Task<bool?> PublishesAllAsync(NpgsqlConnection connection, string name, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(
            "select pubinsert and pubupdate and pubdelete and pubtruncate from pg_publication where pubname = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        return await find.ExecuteScalarAsync(stop).ConfigureAwait(false) as bool?;
    }

    static async Task CheckAsync(NpgsqlConnection connection, string name, IReadOnlyList<CapturedTable> tables, bool publishesAll, CancellationToken stop)
    {
        await using var published = new NpgsqlCommand("select schemaname::text, tablename::text from pg_publication_tables where pubname = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        var found = new HashSet<TableName>();
        await using (var row = await published.ExecuteReaderAsync(stop).ConfigureAwait(false))
        {
            while (await row.ReadAsync(stop).ConfigureAwait(false))
            {
                found.Add(new(row.GetString(0), row.GetString(1)));
            }
        }

        if (tables.FirstOrDefault(table => !found.Contains(table.Name)) is { } missing)
        {
            throw new UserMistakeException(
                $"the publication {name} does not publish {missing.Name}. Run ALTER PUBLICATION {TableName.Quote(name)} ADD TABLE {missing.Name.Quoted};");
        }

        if (!publishesAll)
        {
            throw new UserMistakeException(
                $"the publication {name} leaves changes out. Run ALTER PUBLICATION {TableName.Quote(name)} SET (publish = 'insert, update, delete, truncate');");
        }

        await WholeAsync(connection, name, tables, stop).ConfigureAwait(false);
    }

    /// <summary>Row filters and column lists, which PostgreSQL has since 15.</summary>
    static async Task WholeAsync(NpgsqlConnection connection, string name, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        const int firstWithFilters = 15;
        if (connection.PostgreSqlVersion.Major < firstWithFilters)
        {
            return;
        }

        const string sql = """
            select n.nspname::text, c.relname::text, r.prqual is not null
              from pg_publication_rel r join pg_publication p on p.oid = r.prpubid join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace
             where p.pubname = $1 and (r.prqual is not null or r.prattrs is not null)
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            var table = new TableName(row.GetString(0), row.GetString(1));
            if (tables.Any(captured => captured.Name == table))
            {
                var alter = $"ALTER PUBLICATION {TableName.Quote(name)}";
                throw new UserMistakeException(
                    $"the publication {name} leaves {(row.GetBoolean(2) ? "rows" : "columns")} of {table} out. "
                    + $"Run BEGIN; {alter} DROP TABLE {table.Quoted}; {alter} ADD TABLE {table.Quoted}; COMMIT;");
            }
        }
    }
}
