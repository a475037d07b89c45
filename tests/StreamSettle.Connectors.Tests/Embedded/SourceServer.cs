using Npgsql;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Sandbox.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(SourceServer))]

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>One PostgreSQL for all tests; each takes a database, and so a slot, of its own.</summary>
public sealed class SourceServer : IAsyncDisposable
{
    const string Tables = """
        create type order_status as enum ('CREATED','PAID','SHIPPED','COMPLETED','DISPUTED','CANCELLED','REFUNDED');
        create table merchants (merchant_id bigint primary key, name text not null, tier text not null default 'STANDARD', country char(2) not null, time_zone text not null default 'UTC');
        create table promoters (promoter_id bigint primary key, parent_id bigint references promoters, name text not null);
        create table orders (
          order_id bigint primary key, merchant_id bigint not null, promoter_id bigint, carrier_id bigint, buyer_country char(2) not null, category varchar(40),
          currency char(3) not null, gross_amount numeric(20,4) not null, shipping_amount numeric(20,4) not null default 0,
          refunded_amount numeric(20,4) not null default 0, status order_status not null, export_refund boolean not null default false,
          completed_at timestamptz, invoice jsonb, note text, updated_at timestamptz not null default now());
        alter table orders replica identity full;
        """;

    /// <summary>Every test leaves a slot behind.</summary>
    static readonly Dictionary<string, string> Settings = new() { ["max_replication_slots"] = "100", ["max_wal_senders"] = "100", ["wal_sender_timeout"] = "5s" };

    readonly SemaphoreSlim gate = new(1);
    PrivatePostgres? server;
    Task<SourceDatabase>? shared;
    int databases;

    /// <summary>At a desk without PostgreSQL the test is skipped; where CI says it must be there, it fails.</summary>
    public static void Require() =>
        Assert.SkipWhen(PostgresBinaries.TryFind() is null && Environment.GetEnvironmentVariable("CI") != "true", "PostgreSQL's server programs are not installed");

    /// <summary>A database with the tables of <c>contract/source.sql</c>.</summary>
    public async Task<SourceDatabase> NewShopAsync()
    {
        var database = await NewDatabaseAsync();
        await MakeTablesAsync(database);
        return database;
    }

    /// <summary>One for tests that leave nothing in it.</summary>
    public async Task<SourceDatabase> SharedShopAsync()
    {
        Require();
        return await (shared ??= NewShopAsync());
    }

    public static Task MakeTablesAsync(SourceDatabase database) => database.ExecuteAsync(Tables);

    /// <summary>An empty database.</summary>
    public async Task<SourceDatabase> NewDatabaseAsync()
    {
        Require();
        await gate.WaitAsync();
        try
        {
            server ??= await PrivatePostgres.StartAsync(new() { Durable = false, Settings = Settings });
            return new(await server.CreateDatabaseAsync($"shop_{++databases}"));
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        gate.Dispose();
    }
}

/// <summary>A database of the server.</summary>
public sealed class SourceDatabase(string connectionString)
{
    public string ConnectionString { get; } = connectionString + ";Pooling=false";

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
