using System.Diagnostics;
using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Tests.Links;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>A server that may be crashed, a shop that sells, a service that reads it over a link with a role of its own, and whatever befalls them.</summary>
sealed class Storm : IAsyncDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>What an administrator prepares: a role that owns nothing, the publication; and a key that is checked at commit only.</summary>
    const string Preparation = """
        create role settle login replication password 'settle';
        grant select on orders, merchants, promoters to settle;
        create publication streamsettle for table orders, merchants, promoters;
        alter table orders drop constraint orders_pkey;
        alter table orders add primary key (order_id) deferrable initially deferred
        """;

    readonly PrivatePostgres server;
    NpgsqlConnection? holder;

    Storm(PrivatePostgres server, World world, int seed)
    {
        (this.server, World) = (server, world);
        var straight = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        Link = CuttableLink.To(straight.Port);
        world.Silence = Silence;
        world.Settings["Source:ConnectionString"] = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = Link.Port, Username = "settle", Password = "settle" }.ConnectionString;
        world.Settings["Audit:ConnectionString"] = server.ConnectionString;
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        world.Settings["Downstreams:Split:BatchSize"] = "50";
        Trade = new(server.ConnectionString, seed, Delay);
        Keeper = new(world);
    }

    public World World { get; }

    public CuttableLink Link { get; }

    public Trade Trade { get; }

    public Keeper Keeper { get; }

    public static async Task<Storm> GatherAsync(int seed)
    {
        TestPostgres.Require();
        // Crashes of the server must cost nothing that was committed; those of the machine may.
        var server = await PrivatePostgres.StartAsync(new() { SharedBuffersMb = 64, Settings = new Dictionary<string, string> { ["fsync"] = "off" } });
        try
        {
            var world = await World.CreateAsync(server.ConnectionString, Delay, GentleFaults.Plan(seed));
            await world.SellAsync(world.Shop(0));
            await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await ExecuteAsync(connection, Preparation);
            return new(server, world, seed);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Statements of the shop's administrator, between two writes of the shop, which then calls things by their new names.</summary>
    public Task AdministerAsync(string sql, Action<ShopNames>? rename = null) => Trade.BetweenWritesAsync(async () =>
    {
        await ExecuteAsync(sql);
        rename?.Invoke(Trade.Names);
    });

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Keeps everybody from the orders until <see cref="UnlockAsync"/>; the shop waits meanwhile.</summary>
    public async Task LockAsync()
    {
        holder = await OpenAsync();
        await ExecuteAsync(holder, "begin; lock table orders in access exclusive mode");
    }

    public async Task UnlockAsync() => await holder!.DisposeAsync();

    public Task CrashServerAsync() => server.RestartAsync(crash: true);

    public async Task PassesAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        await Until.TrueAsync(() => clock.Elapsed >= time, "time passes", time + Until.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync();
        await Trade.DisposeAsync();
        await Link.DisposeAsync();
        await World.DisposeAsync();
        await server.DisposeAsync();
    }
}
