using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>The publication as we make it where there is none.</summary>
internal static class Publication
{
    public static string CreateSql(string name, IReadOnlyList<CapturedTable> tables) => CreateSql(name, tables.Select(table => table.Name));

    public static string CreateSql(string name, IEnumerable<TableName> tables) => $"CREATE PUBLICATION {TableName.Quote(name)} FOR TABLE {string.Join(", ", tables.Select(table => table.Quoted))}";

    /// <returns>Whether it was made now.</returns>
    /// <exception cref="UserMistakeException">The role may not.</exception>
    public static async Task<bool> EnsureAsync(NpgsqlConnection connection, string name, IReadOnlyList<CapturedTable> tables, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand("select 1 from pg_publication where pubname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await find.ExecuteScalarAsync(stop).ConfigureAwait(false) is not null)
        {
            return false;
        }

        var create = CreateSql(name, tables);
        try
        {
            await using var command = new NpgsqlCommand(create, connection);
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new UserMistakeException($"the source's role may not make the publication: {e.MessageText}. Let the tables' owner run {create};", e);
        }
    }

    public static async Task DropAsync(NpgsqlConnection connection, string name, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"DROP PUBLICATION IF EXISTS {TableName.Quote(name)}", connection);
        await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }
}
