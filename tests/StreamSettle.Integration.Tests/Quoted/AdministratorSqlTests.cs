using System.Diagnostics;
using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>The SQL that docs/operations.md gives to database administrators: enough, and nothing of it without need.</summary>
public class AdministratorSqlTests
{
    const string Heading = "## What a database administrator runs";
    const int OrderCount = 5;

    /// <summary>Since then a timeline's history comes in a form that needs a function of its own to be read.</summary>
    const int FirstWithHistoryAsText = 15;

    [Fact]
    public async Task What_an_administrator_pastes_is_enough_and_each_right_that_is_missing_is_named()
    {
        await using var server = await StartAsync();
        await using var world = await WithRoleAsync(server);
        await IsFineAsync(world);
        await LivesAsync(world);
        world.Settings["StateDirectory"] += "-never-made";
        world.Settings["Source:SlotName"] += "_never_made";
        world.Settings["Audit:Schema"] = "another";
        await world.ExecuteAsync("create schema another authorization streamsettle");
        await IsFineAsync(world);

        await MissesAsync(world, "alter role streamsettle noreplication", "alter role streamsettle replication", "ALTER ROLE \"streamsettle\" REPLICATION;");
        await MissesAsync(
            world, "revoke usage on schema public from streamsettle, public", "grant usage on schema public to streamsettle, public", "GRANT USAGE ON SCHEMA \"public\" TO \"streamsettle\";");
        foreach (var table in new[] { "orders", "merchants", "promoters" })
        {
            await MissesAsync(
                world, $"revoke select on {table} from streamsettle", $"grant select on {table} to streamsettle", $"GRANT SELECT ON \"public\".\"{table}\" TO \"streamsettle\";");
        }

        await MissesAsync(world, "alter table orders replica identity default", "alter table orders replica identity full", "REPLICA IDENTITY FULL");
        await MissesAsync(
            world, "alter publication streamsettle rename to elsewhere", "alter publication elsewhere rename to streamsettle", "run CREATE PUBLICATION \"streamsettle\"");
        await MissesAsync(world, "drop schema another", "create schema another authorization streamsettle", "CREATE SCHEMA \"another\" AUTHORIZATION \"streamsettle\";");
        await MissesAsync(
            world, "alter table orders enable row level security", "alter table orders disable row level security", "ALTER ROLE \"streamsettle\" BYPASSRLS;");
        await IsFineAsync(world);
    }

    [Fact]
    public async Task After_a_promotion_the_role_may_need_one_right_more_which_is_named_and_documented()
    {
        await using var server = await StartAsync();
        await using var world = await WithRoleAsync(server);
        await LivesAsync(world);
        await server.StopAsync();
        using (var copy = Process.Start("cp", ["-a", Path.Combine(server.Directory, "data", "PG_VERSION"), Path.Combine(server.Directory, "data", "standby.signal")]))
        {
            await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await server.StartAgainAsync();
        Assert.True(await world.QueryAsync<bool>("select pg_promote()"));
        if (await world.QueryAsync<int>("select current_setting('server_version_num')::int / 10000") >= FirstWithHistoryAsText)
        {
            await using (var refused = world.Run())
            {
                Assert.Equal(1, await refused.ExitAsync());
                Assert.Contains("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO", refused.Errors, StringComparison.Ordinal);
            }

            await world.ExecuteAsync(Blocks()[1]);
        }

        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            first.Terminate();
            Assert.Equal(0, await first.ExitAsync());
        }

        // Read once, it is needed no more.
        await world.ExecuteAsync("revoke execute on function pg_read_file(text) from streamsettle");
        await using var service = world.Run();
        await service.ReadyAsync();
    }

    static Task<PrivatePostgres> StartAsync()
    {
        TestPostgres.Require();
        return PrivatePostgres.StartAsync(new() { Durable = false, SharedBuffersMb = 16 });
    }

    /// <summary>A shop whose service has no more rights than the document gives; the test itself goes on as the superuser.</summary>
    static async Task<World> WithRoleAsync(PrivatePostgres server)
    {
        var world = await World.CreateAsync(server.ConnectionString, TimeSpan.FromSeconds(1));
        await world.ExecuteAsync(Blocks()[0]);
        world.Settings["Source:ConnectionString"] = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "streamsettle", Password = "change-me" }.ConnectionString;
        return world;
    }

    static async Task LivesAsync(World world)
    {
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(OrderCount) with { Fates = FateShares.None });
        Assert.Equal(OrderCount, (await Settled.AsyncOf(service, Until.Patience)).Flow.Completed);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync());
    }

    static async Task IsFineAsync(World world)
    {
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        var (code, output, errors) = await world.CommandAsync("check");
        Assert.True(code == 0, output + errors);
    }

    static async Task MissesAsync(World world, string takeAway, string giveBack, string names)
    {
        await world.ExecuteAsync(takeAway);
        var (code, output, errors) = await world.CommandAsync("check");
        Assert.True(code == 1 && output.Contains(names, StringComparison.Ordinal), $"after {takeAway}: {code}\n{output}{errors}");
        await world.ExecuteAsync(giveBack);
    }

    /// <summary>The SQL blocks below the heading, in their order.</summary>
    static string[] Blocks() => [.. string.Join('\n', File.ReadLines(Path.Combine(Repository.Root, "docs", "operations.md")).SkipWhile(line => line != Heading).Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))).Split("```sql\n").Skip(1).Select(block => block.Split("```")[0])];
}
