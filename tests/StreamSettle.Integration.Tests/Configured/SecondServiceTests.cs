using System.Diagnostics;
using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

/// <summary>A service that runs is not harmed by one that should not.</summary>
public class SecondServiceTests(TestPostgres postgres)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_second_service_on_the_same_event_log_is_refused_before_it_writes_anything()
    {
        await using var world = await NewAsync();
        await using var healthy = world.Run();
        await healthy.ReadyAsync();
        var before = await WrittenAsync(world);

        await using (var second = await OtherAsync(world))
        {
            await RefusedStart.OfAsync(second, RefusedStart.Mistake, "event log", "belongs to the state directory with identity", "Nothing was changed");
            second.Settings["Source:SlotName"] += "_second";
            await RefusedStart.OfAsync(second, RefusedStart.Mistake, "event log", "belongs to the state directory with identity", "Nothing was changed");
            Assert.False(Directory.Exists(second.Settings["StateDirectory"]));
        }

        Assert.Equal(before, await WrittenAsync(world));
        await SettlesOnAsync(world, healthy);
    }

    [Fact]
    public async Task A_copied_state_directory_is_refused_beside_the_service_it_was_copied_from()
    {
        await using var world = await NewAsync();
        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            first.Terminate();
            Assert.Equal(0, await first.ExitAsync());
        }

        var copy = world.StateDirectory + "-copy";
        using (var cp = Process.Start("cp", ["-a", world.StateDirectory, copy]))
        {
            await cp.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using var healthy = world.Run();
        await healthy.ReadyAsync();
        var reader = await ReaderAsync(world);
        await using (var second = await OtherAsync(world))
        {
            second.Settings["StateDirectory"] = copy;
            await RefusedStart.OfAsync(second, RefusedStart.Mistake, "Another process runs by the identity", "copy", "streamsettle-lease");
        }

        Assert.Equal(reader, await ReaderAsync(world));
        await SettlesOnAsync(world, healthy);
    }

    [Fact]
    public async Task A_first_start_that_is_refused_when_it_registers_leaves_no_state_directory()
    {
        await using var world = await NewAsync();
        await using (var made = world.Run())
        {
            await made.ReadyAsync();
            made.Terminate();
            Assert.Equal(0, await made.ExitAsync());
        }

        // As if nobody had ever come: then another comes between the look and the registration.
        Directory.Delete(world.StateDirectory, recursive: true);
        await world.ExecuteAsync($"select pg_drop_replication_slot('{world.Settings["Source:SlotName"]}'); delete from settlement.streamsettle_logs");
        await using var faster = new NpgsqlConnection(world.ConnectionString + ";Pooling=false");
        await faster.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await faster.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(faster, "lock table settlement.streamsettle_logs in share row exclusive mode");
        await using var late = world.Run();
        await Until.TrueAsync(
            async () => await world.QueryAsync<long>("select count(*) from pg_locks where relation = 'settlement.streamsettle_logs'::regclass and not granted") == 1, "it registers", seen: () => late.Tail);
        await ExecuteAsync(faster, $"insert into settlement.streamsettle_logs (log_identity) values ('{Guid.CreateVersion7()}')");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, await late.ExitAsync());
        Assert.Contains("belongs to the state directory with identity", late.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.StateDirectory));
        Assert.Equal(0, await world.SlotsAsync());
    }

    async Task<World> NewAsync() => await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));

    /// <summary>Another service of the same shop, elsewhere.</summary>
    static async Task<World> OtherAsync(World world)
    {
        var other = await World.CreateAsync(world.ConnectionString, world.Delay);
        foreach (var (key, value) in world.Settings.Where(setting => setting.Key is not ("StateDirectory" or "Urls")))
        {
            other.Settings[key] = value;
        }

        return other;
    }

    /// <summary>What a start would make.</summary>
    static Task<string> WrittenAsync(World world) => world.QueryAsync<string>(
        "select concat((select count(*) from pg_replication_slots where database = current_database()), ' ', (select string_agg(log_identity::text, ' ') from settlement.streamsettle_logs), ' ', (select count(*) from pg_publication))");

    static Task<int> ReaderAsync(World world) => world.QueryAsync<int>($"select active_pid from pg_replication_slots where slot_name = '{world.Settings["Source:SlotName"]}'");

    static async Task SettlesOnAsync(World world, ServiceProcess healthy)
    {
        Assert.True(await healthy.IsReadyAsync(), healthy.Tail);
        await world.SellAsync(world.Shop(10) with { Fates = FateShares.None });
        Assert.Equal(10, (await Settled.AsyncOf(healthy, Patience)).Flow.Completed);
        Assert.DoesNotContain("source lost", healthy.Output, StringComparison.Ordinal);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
