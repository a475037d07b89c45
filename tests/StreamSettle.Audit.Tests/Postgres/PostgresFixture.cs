using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Sandbox.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace StreamSettle.Audit.Tests.Postgres;

/// <summary>One server for the whole run, which nobody crashes and so need not sync its files; each test takes a database of its own. Missing: skipped at a desk, failed under CI=true.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    const string Model = "event_log";

    readonly SemaphoreSlim making = new(1);
    PrivatePostgres? server;
    int databases;
    bool hasModel;

    public async ValueTask InitializeAsync() => server = PostgresBinaries.TryFind() is null ? null : await PrivatePostgres.StartAsync(new() { Durable = false });

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        making.Dispose();
    }

    /// <summary>Options of an event log in a database that nobody else uses.</summary>
    public async Task<AuditOptions> NewDatabaseAsync()
    {
        RequireServer();
        return new() { ConnectionString = await server!.CreateDatabaseAsync($"audit{Interlocked.Increment(ref databases)}") };
    }

    /// <summary>The same with an event log in it as an owner's first start makes it: copied from one that is made once.</summary>
    public async Task<AuditOptions> NewEventLogAsync()
    {
        RequireServer();
        await making.WaitAsync();
        try
        {
            if (!hasModel)
            {
                await using var log = new MartenEventLog(new() { ConnectionString = await server!.CreateDatabaseAsync(Model) });
                await log.OpenAsync(CancellationToken.None);
                hasModel = true;
            }
        }
        finally
        {
            making.Release();
        }

        var name = $"audit{Interlocked.Increment(ref databases)}";
        Execute(new() { ConnectionString = server!.ConnectionStringFor("postgres") }, $"create database {name} template {Model}");
        return new() { ConnectionString = server.ConnectionStringFor(name) };
    }

    /// <summary>Skips at a desk, fails under CI=true, where PostgreSQL is not installed.</summary>
    public void RequireServer()
    {
        if (server is not null)
        {
            return;
        }

        const string reason = "PostgreSQL's server programs are not installed here";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new InvalidOperationException($"CI=true, but {reason}");
        }

        Assert.Skip(reason);
    }

    public static void Execute(AuditOptions options, string sql)
    {
        using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public static T Scalar<T>(AuditOptions options, string sql)
    {
        using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }
}
