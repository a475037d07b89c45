using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;
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

    static readonly TableName Signals = new("public", "streamsettle_signal");

    static readonly (TableName Name, string Sql)[] OwnTables =
    [
        (HeartbeatTable.Name, HeartbeatTable.CreateSql),
        (Signals, $"CREATE TABLE {Signals.Quoted} (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));"),
    ];

    /// <returns>What was made, in words; empty where nothing was missing.</returns>
    /// <exception cref="UserMistakeException">The role may not, or there is no table to publish: what an administrator is to run.</exception>
    /// <exception cref="EnvironmentFailedException">The source cannot be reached.</exception>
    public static Task<IReadOnlyList<string>> EnsureAsync(EmbeddedCdcOptions options, CancellationToken stop) => new ServerConnections(options).AskAsync(
        Instance, answersSoon: true,
        async Task<IReadOnlyList<string>> (connection) =>
        {
            var missing = await MissingAsync(connection, options, stop).ConfigureAwait(false);
            await MakeAsync(connection, [.. missing.Select(one => one.Sql)], stop).ConfigureAwait(false);
            return [.. missing.Select(one => one.What)];
        },
        stop);

    /// <summary>All of it or nothing.</summary>
    static async Task MakeAsync(NpgsqlConnection connection, IReadOnlyList<string> wanted, CancellationToken stop)
    {
        try
        {
            var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
            await using var end = transaction.ConfigureAwait(false);
            foreach (var sql in wanted)
            {
                await using var make = new NpgsqlCommand(sql, connection, transaction);
                await make.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            }

            await transaction.CommitAsync(stop).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new UserMistakeException($"the source lacks what Debezium reads by, and it cannot be made: {refused.MessageText}. Let the tables' owner run {string.Join(' ', wanted)} (docs/kafka.md)", refused);
        }
    }

    static async Task<List<(string What, string Sql)>> MissingAsync(NpgsqlConnection connection, EmbeddedCdcOptions options, CancellationToken stop)
    {
        List<(string, string)> missing = [];
        foreach (var (name, sql) in OwnTables)
        {
            if (!await IsTrueAsync(connection, "select to_regclass($1) is not null", name.Quoted, stop).ConfigureAwait(false))
            {
                missing.Add(($"the table {name}", sql));
            }
        }

        if (!await IsTrueAsync(connection, "select exists (select from pg_publication where pubname = $1)", options.PublicationName, stop).ConfigureAwait(false))
        {
            var all = CapturedTable.Of(options).Select(table => table.Name).Concat(OwnTables.Select(table => table.Name));
            missing.Add(($"the publication {options.PublicationName}", Publication.CreateSql(options.PublicationName, all) + ";"));
        }

        return missing;
    }

    static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, string name, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(stop).ConfigureAwait(false) is true;
    }
}
