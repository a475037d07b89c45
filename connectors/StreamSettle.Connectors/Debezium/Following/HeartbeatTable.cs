using Npgsql;
using StreamSettle.Connectors.Embedded;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>The table that Debezium's heartbeat changes, so that its offset moves while the shop rests.</summary>
/// <param name="MayWrite">The source's role may insert, update and read it.</param>
internal sealed record HeartbeatTable(bool Exists, bool MayWrite)
{
    public static TableName Name { get; } = new("public", "streamsettle_heartbeat");

    public static string CreateSql => $"CREATE TABLE {Name.Quoted} (id integer PRIMARY KEY, beat_at timestamptz NOT NULL);";

    public static async Task<HeartbeatTable> ReadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        const string sql = """
            select found.oid is not null,
                   coalesce(has_table_privilege(found.oid, 'select') and has_table_privilege(found.oid, 'insert') and has_table_privilege(found.oid, 'update'), false)
              from (select to_regclass($1) as oid) as found
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Name.Quoted } } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await row.ReadAsync(stop).ConfigureAwait(false);
        return new(row.GetBoolean(0), row.GetBoolean(1));
    }
}
