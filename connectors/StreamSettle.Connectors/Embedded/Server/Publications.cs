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
        await using var find = new NpgsqlCommand("select pubinsert and pubupdate and pubdelete from pg_publication where pubname = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        if (await find.ExecuteScalarAsync(stop).ConfigureAwait(false) is bool publishesAll)
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
    }
}
