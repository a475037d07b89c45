using Npgsql;
using Npgsql.Replication;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>Opens connections to the source, all with <see cref="SessionSettings"/>.</summary>
internal sealed class ServerConnections(EmbeddedCdcOptions options)
{
    /// <summary>Of the server's version; known once a connection stood.</summary>
    string younger = "";

    /// <summary>A server that does not answer within these, and within the silence, is taken for lost and tried again.</summary>
    const int ConnectSecondsMax = 5, CommandSecondsMax = 30;

    /// <summary>When the kernel begins to ask a quiet peer whether it is still there, and how often; it gives up after some ten answers that did not come.</summary>
    const int KeepAliveSeconds = 5, KeepAliveIntervalSeconds = 1;

    /// <summary>Large enough that the stream is read in few system calls.</summary>
    const int ReadBufferBytes = 256 * 1024;

    public string Database => new NpgsqlConnectionStringBuilder(options.ConnectionString) is var builder && builder.Database is { Length: > 0 } database
        ? database
        : builder.Username ?? "";

    /// <param name="answersSoon">What is asked is small: no answer within the silence means that the server is lost.</param>
    public async Task<NpgsqlConnection> OpenAsync(string instance, bool answersSoon, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(Text(instance, answersSoon));
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            younger = await SessionSettings.SetYoungerAsync(connection, stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks once, on a connection of its own, and says what an administrator or the network has to do with it where that fails.</summary>
    /// <exception cref="UserMistakeException">The server refuses us.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached, or fails.</exception>
    public Task<T> AskAsync<T>(string instance, bool answersSoon, Func<NpgsqlConnection, Task<T>> ask, CancellationToken stop) => ExplainAsync(
        async () =>
        {
            var connection = await OpenAsync(instance, answersSoon, stop).ConfigureAwait(false);
            await using var close = connection.ConfigureAwait(false);
            return await ask(connection).ConfigureAwait(false);
        },
        stop);

    /// <summary>Says what an administrator or the network has to do with it where something asked of the server fails.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public static async Task<T> ExplainAsync<T>(Func<Task<T>> ask, CancellationToken stop)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            throw PostgresFailures.Explain(e);
        }
        catch (Exception e) when (PostgresFailures.IsTransient(e) && !stop.IsCancellationRequested)
        {
            throw new EnvironmentFailedException($"Source:ConnectionString cannot be reached: {e.Message}", e);
        }
    }

    /// <param name="silent">How long a stream on it may bring nothing.</param>
    public async Task<LogicalReplicationConnection> OpenReplicationAsync(string instance, TimeSpan silent, CancellationToken stop)
    {
        var connection = new LogicalReplicationConnection(Text(instance, answersSoon: false))
        {
            WalReceiverStatusInterval = options.StatusInterval,
            WalReceiverTimeout = silent,
        };
        try
        {
            await connection.Open(stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>As <c>pg_stat_activity</c> shows our connections.</summary>
    public static string ApplicationName(string instance) => $"streamsettle-cdc-{instance}";

    string Text(string instance, bool answersSoon)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = false,
            Enlist = false,
            Timezone = "UTC",
            ClientEncoding = "UTF8",
            Encoding = "UTF8",
            SearchPath = SessionSettings.SearchPath,

            // Npgsql's own asks in between, and what it finds out then is told as a wrong use of the connection; the kernel's asks are enough.
            KeepAlive = 0,
            TcpKeepAlive = true,
            TcpKeepAliveTime = KeepAliveSeconds,
            TcpKeepAliveInterval = KeepAliveIntervalSeconds,
            ReadBufferSize = ReadBufferBytes,
            ApplicationName = ApplicationName(instance),
        };
        builder.Timeout = Within(builder.Timeout, ConnectSecondsMax);
        if (answersSoon)
        {
            builder.CommandTimeout = Within(builder.CommandTimeout, CommandSecondsMax);
        }

        builder.Options = $"{builder.Options} {SessionSettings.Options}{younger}".TrimStart();
        return builder.ConnectionString;
    }

    /// <summary>Npgsql's 0 is for ever.</summary>
    int Within(int seconds, int most)
    {
        most = Math.Clamp((int)Math.Ceiling(options.Silence.TotalSeconds), 1, most);
        return seconds == 0 ? most : Math.Min(seconds, most);
    }
}
