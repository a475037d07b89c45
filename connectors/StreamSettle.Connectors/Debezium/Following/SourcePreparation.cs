using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// Makes in the shop's database what Debezium reads by, where an administrator has not: the tables of its heartbeat and its signals, and the publication. What is there is
/// left as it is; whether it is right is for the checks to say.
/// </summary>
public static class SourcePreparation
{
    /// <summary>As the server shows the connection.</summary>
    const string Instance = "prepare";

    static readonly (TableName Name, string Columns)[] OwnTables =
    [
        (new("public", "streamsettle_heartbeat"), "id integer PRIMARY KEY, beat_at timestamptz NOT NULL"),
        (new("public", "streamsettle_signal"), "id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048)"),
    ];

    /// <returns>What was made, in words; empty where nothing was missing.</returns>
    /// <exception cref="UserMistakeException">The role may not, or there is no table to publish: what an administrator is to run.</exception>
    /// <exception cref="EnvironmentFailedException">The source cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> EnsureAsync(EmbeddedCdcOptions options, CancellationToken stop)
    {
        var wanted = "";
        try
        {
            var connection = await new ServerConnections(options).OpenAsync(Instance, answersSoon: true, stop).ConfigureAwait(false);
            await using var close = connection.ConfigureAwait(false);
            var missing = await MissingAsync(connection, options, stop).ConfigureAwait(false);
            wanted = string.Join("; ", missing.Select(one => one.Sql));
            var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
            await using var end = transaction.ConfigureAwait(false);
            foreach (var (_, sql) in missing)
            {
                await using var make = new NpgsqlCommand(sql, connection, transaction);
                await make.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            }

            await transaction.CommitAsync(stop).ConfigureAwait(false);
            return [.. missing.Select(one => one.What)];
        }
        catch (PostgresException refused) when (wanted.Length > 0 && refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new UserMistakeException($"the source lacks what Debezium reads by, and it cannot be made: {refused.MessageText}. Let the tables' owner run {wanted}; (docs/kafka.md)", refused);
        }
        catch (PostgresException refused)
        {
            throw PostgresFailures.Explain(refused);
        }
        catch (Exception lost) when (PostgresFailures.IsTransient(lost) && !stop.IsCancellationRequested)
        {
            throw new EnvironmentFailedException($"Source:ConnectionString cannot be reached: {lost.Message}", lost);
        }
    }

    static async Task<List<(string What, string Sql)>> MissingAsync(NpgsqlConnection connection, EmbeddedCdcOptions options, CancellationToken stop)
    {
        List<(string, string)> missing = [];
        foreach (var (name, columns) in OwnTables)
        {
            if (!await IsTrueAsync(connection, "select to_regclass($1) is not null", name.Quoted, stop).ConfigureAwait(false))
            {
                missing.Add(($"the table {name}", $"CREATE TABLE {name.Quoted} ({columns})"));
            }
        }

        if (!await IsTrueAsync(connection, "select exists (select from pg_publication where pubname = $1)", options.PublicationName, stop).ConfigureAwait(false))
        {
            var all = CapturedTable.Of(options).Select(table => table.Name).Concat(OwnTables.Select(table => table.Name));
            missing.Add((
                $"the publication {options.PublicationName}",
                $"CREATE PUBLICATION {TableName.Quote(options.PublicationName)} FOR TABLE {string.Join(", ", all.Select(name => name.Quoted))}"));
        }

        return missing;
    }

    static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, string name, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(stop).ConfigureAwait(false) is true;
    }
}
