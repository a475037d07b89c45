using Npgsql;

namespace StreamSettle.Audit.Marten;

/// <summary>
/// Connections to the event log. What <c>ALTER ROLE</c> and <c>ALTER DATABASE</c> set for people must not end an append half-way, hide rows, or let a fact be
/// told durable that is not: those settings are said anew in every session.
/// </summary>
internal static class AuditSessions
{
    /// <summary>By name, as not every version has each. A fact that is told durable is on the server's disk.</summary>
    const string Settings = """
        select count(set_config(name, value, false))
          from (values ('statement_timeout', '0'), ('lock_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
                       ('transaction_timeout', '0'), ('default_transaction_read_only', 'off'), ('default_transaction_isolation', 'read committed'),
                       ('default_transaction_deferrable', 'off'), ('row_security', 'off'), ('standard_conforming_strings', 'on'), ('datestyle', 'ISO, YMD'),
                       ('timezone', 'UTC'), ('synchronous_commit', 'on')) as wanted (name, value)
         where exists (select from pg_catalog.pg_settings s where lower(s.name) = wanted.name and not (s.name = 'synchronous_commit' and s.setting <> 'off'))
        """;

    /// <summary>Statements that a session keeps prepared: more than an append has.</summary>
    const int MostPrepared = 32;

    /// <param name="prepares">Statements that come again are prepared by themselves: for who asks the same small questions all the time.</param>
    /// <param name="readBufferBytes">Null for the client's own default, 8 KiB; more for who reads a whole log: each time it is empty costs a wait for the socket.</param>
    public static NpgsqlDataSource Create(string connectionString, string applicationName, int writeBufferBytes, int? readBufferBytes = null, bool prepares = false)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName = applicationName;
        builder.ConnectionStringBuilder.WriteBufferSize = writeBufferBytes;
        builder.ConnectionStringBuilder.ReadBufferSize = readBufferBytes ?? builder.ConnectionStringBuilder.ReadBufferSize;
        builder.ConnectionStringBuilder.ClientEncoding = "UTF8";
        builder.ConnectionStringBuilder.MaxAutoPrepare = prepares ? MostPrepared : builder.ConnectionStringBuilder.MaxAutoPrepare;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = prepares ? 2 : builder.ConnectionStringBuilder.AutoPrepareMinUsages;
        // A reset would take the settings back; nothing else is set for longer than a transaction.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(Set, SetAsync);
        return builder.Build();
    }

    static void Set(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Settings, connection);
        command.ExecuteNonQuery();
    }

    static async Task SetAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Settings, connection);
        await command.ExecuteNonQueryAsync();
    }
}
