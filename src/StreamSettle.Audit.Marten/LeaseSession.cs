using Npgsql;

namespace StreamSettle.Audit.Marten;

/// <summary>The session that holds the lease, and what it asks. A session that broke is opened anew.</summary>
internal sealed class LeaseSession(string connectionString, Guid identity) : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-lease";
    const int CommandSeconds = 5;

    const string Key = "hashtextextended($1, 0)";

    const string Holder = $"""
        select l.pid, concat_ws(' ', 'pid', l.pid, a.application_name, host(a.client_addr)), a.state_change, extract(epoch from clock_timestamp() - a.state_change)::float8
          from pg_locks l left join pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
           and ((l.classid::bigint << 32) | l.objid::bigint) = {Key}
        """;

    readonly NpgsqlDataSource dataSource = AuditSessions.Create(Alone(connectionString), ApplicationName, writeBufferBytes: 8 * 1024);
    readonly HashSet<int> pids = [];
    NpgsqlConnection? connection;
    bool isLocked;

    public Guid Identity => identity;

    public async Task OpenAsync(CancellationToken stop)
    {
        var opened = await dataSource.OpenConnectionAsync(stop);
        pids.Add(opened.ProcessID);
        connection = opened;
    }

    /// <summary>Asks something. False, with a session that is open, where the lock is not held: it goes with the session that had it.</summary>
    public async Task<bool> HoldsAsync(CancellationToken stop)
    {
        if (connection is { } open)
        {
            try
            {
                await using var ping = Command("select 1");
                await ping.ExecuteNonQueryAsync(stop);
                return isLocked;
            }
            catch (Exception broken) when (broken is NpgsqlException or IOException or InvalidOperationException)
            {
                (connection, isLocked) = (null, false);
                await open.DisposeAsync();
            }
        }

        await OpenAsync(stop);
        return false;
    }

    public async Task<bool> TryLockAsync(CancellationToken stop)
    {
        await using var command = Command($"select pg_try_advisory_lock({Key})", Name);
        return isLocked = await command.ExecuteScalarAsync(stop) is true;
    }

    /// <returns>Null where nobody has it any more.</returns>
    public async Task<LeaseHolder?> HolderAsync(CancellationToken stop)
    {
        await using var command = Command(Holder, Name);
        await using var row = await command.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop)
            ? new(row.GetInt32(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetDateTime(2), row.IsDBNull(3) ? null : row.GetDouble(3))
            : null;
    }

    /// <summary>A session of this process that the server still believes in.</summary>
    public bool IsOurs(LeaseHolder? holder) => holder is not null && pids.Contains(holder.Pid);

    public async Task EndAsync(int pid, CancellationToken stop)
    {
        try
        {
            await using var command = Command("select pg_terminate_backend($1)", pid);
            await command.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Another role's: then the server's own time-outs have to end it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        await dataSource.DisposeAsync();
    }

    string Name => $"streamsettle.log.{identity:N}";

    NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandSeconds };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    /// <summary>A pooled session would be given to others, and would outlive this one.</summary>
    static string Alone(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = CommandSeconds }.ConnectionString;
}
