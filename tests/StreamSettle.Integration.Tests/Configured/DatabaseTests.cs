using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Postgres;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class DatabaseTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_database_that_is_not_there_is_waited_for_within_a_bound()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        using var deaf = new DeafPort();
        var nowhere = deaf.Number;
        world.Settings["Source:ConnectionString"] = new NpgsqlConnectionStringBuilder(world.ConnectionString) { Port = nowhere }.ConnectionString;

        var said = await RefusedStart.OfAsync(world, RefusedStart.Environment, $"127.0.0.1:{nowhere}", "Source:ConnectionString", "Start that server");
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(world.ConnectionString).Password!, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.StateDirectory));
    }

    [Fact]
    public async Task A_database_or_tables_that_do_not_exist_are_the_users_mistake()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings["Source:ConnectionString"] = new NpgsqlConnectionStringBuilder(world.ConnectionString) { Database = "no_such_shop" }.ConnectionString;
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "no_such_shop", "ConnectionString");

        world.Settings["Source:ConnectionString"] = await postgres.NewDatabaseAsync();
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "no table public.");
    }

    [Fact]
    public async Task A_server_without_logical_decoding_is_refused_with_the_setting()
    {
        TestPostgres.Require();
        await using var server = await PrivatePostgres.StartAsync(new()
        {
            Durable = false, SharedBuffersMb = 16, Settings = new Dictionary<string, string> { ["wal_level"] = "replica" },
        });
        await using var world = await World.CreateAsync(server.ConnectionString, TimeSpan.FromSeconds(1));

        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "wal_level", "replica", "logical");
        Assert.Equal(0, await world.SlotsAsync());
    }
}
