using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace StreamSettle.Audit.Tests.Postgres;

/// <summary>One server for the whole run; each test takes a database of its own. Missing: skipped at a desk, failed under CI=true.</summary>
public sealed class PostgresFixture : IDisposable
{
    readonly Lazy<PrivatePostgres?> server = new(() => PrivatePostgres.FindBinaries() is { } binaries ? PrivatePostgres.Start(binaries) : null);
    int databases;

    public PrivatePostgres Server => server.Value ?? throw Missing();

    /// <summary>Options of an event log in a database that nobody else uses.</summary>
    public AuditOptions NewDatabase()
    {
        var name = $"audit{Interlocked.Increment(ref databases)}";
        Execute(Server.ConnectionString, $"create database {name}");
        return new() { ConnectionString = Server.ConnectionString.Replace("Database=postgres", $"Database={name}", StringComparison.Ordinal) };
    }

    public static void Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
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

    public void Dispose()
    {
        if (server.IsValueCreated)
        {
            server.Value?.Dispose();
        }
    }

    static Exception Missing()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("PostgreSQL (initdb, postgres) is not installed here");
        }

        return new InvalidOperationException("CI=true, but PostgreSQL (initdb, postgres) is not installed here");
    }
}
