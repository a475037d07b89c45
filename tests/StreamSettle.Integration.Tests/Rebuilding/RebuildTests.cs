using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Integration.Tests.Kills;
using Xunit;

namespace StreamSettle.Integration.Tests.Rebuilding;

/// <summary><c>run --rebuild</c> of the real program: its state directory is deleted under load.</summary>
public class RebuildTests(TestPostgres postgres)
{
    const int Seed = 41;
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task State_that_is_lost_under_load_is_rebuilt_and_every_invariant_holds()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(3), GentleFaults.Plan(Seed));
        world.Silence = TimeSpan.FromSeconds(2);
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        world.Settings["Downstreams:Split:BatchSize"] = "50";
        // A call that the log has not heard of and a refund before the rebuild is for a person to compare, and here a replay takes all: refunds after the mark come when a rebuild has long been over.
        var shop = new EndlessShop(world, world.Shop(300, 60, Seed) with { LateAfter = TimeSpan.FromSeconds(15) });
        shop.Open();
        var clock = Stopwatch.StartNew();
        for (var loss = 0; loss < 2; loss++)
        {
            await using var service = loss == 0 ? world.Run() : world.Start("run", "--rebuild");
            await service.ReadyAsync(Bound);
            var before = (await service.StatusAsync())!.Flow.Completed;
            await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow.Completed > before + 100, "orders are settled", Bound, () => service.Tail);
            service.Kill();
            await service.ExitAsync();
            Directory.Delete(world.StateDirectory, recursive: true);
        }

        var (refused, _, errors) = await world.CommandAsync("run");
        Assert.Equal(1, refused);
        Assert.Contains("run --rebuild", errors, StringComparison.Ordinal);

        // One that was cut off is run on by nobody, and begun anew.
        await CutOffAsync(world);
        Assert.Contains("that was cut off", (await world.CommandAsync("run")).Errors, StringComparison.Ordinal);
        await using var last = world.Start("run", "--rebuild");
        await last.ReadyAsync(Bound);
        await shop.CloseAsync();
        await Settled.AsyncOf(last, Bound);
        last.Terminate();
        Assert.Equal(0, await last.ExitAsync());
        await ReleaseAsync(world);
        await using var ordinary = world.Run();
        await ordinary.ReadyAsync(Bound);
        await Settled.AsyncOf(ordinary, Bound);
        ordinary.Terminate();
        Assert.Equal(0, await ordinary.ExitAsync());

        // Calls that are held are passed by those behind them until a person comes.
        world.Away = clock.Elapsed;
        world.HasLostState = true;
        var report = await world.SoundAsync();
        Assert.All(report.DeadLetters.Keys, reason => Assert.Equal("calculation: changed_key", reason));

        // A directory that is whole is not made anew.
        var (again, _, why) = await world.CommandAsync("run", "--rebuild");
        Assert.Equal(1, again);
        Assert.Contains("start without --rebuild", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_nothing_to_rebuild_from_an_event_log_without_events_nor_on_Kafka()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(3));
        var (code, _, errors) = await world.CommandAsync("run", "--rebuild");
        Assert.Equal(1, code);
        Assert.Contains("there is nothing to rebuild from", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.StateDirectory));

        world.Settings["Transport"] = "Kafka";
        world.Settings["Kafka:BootstrapServers"] = "127.0.0.1:1";
        world.Settings["Connect:Url"] = "http://127.0.0.1:1";
        world.Settings["Source:Format"] = "Json";
        (code, _, errors) = await world.CommandAsync("run", "--rebuild");
        Assert.Equal(1, code);
        Assert.Contains("On Kafka the changelog topics are the truth", errors, StringComparison.Ordinal);
    }

    /// <summary>Killed when its stores are filled, and the event log is not yet given to it: somebody holds that up.</summary>
    static async Task CutOffAsync(World world)
    {
        await using var holding = new NpgsqlConnection(world.ConnectionString + ";Pooling=false");
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("begin; select from settlement.streamsettle_logs for update", holding);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var cut = world.Start("run", "--rebuild");
        const string waits = "select count(*) from pg_stat_activity where application_name = 'streamsettle-audit' and wait_event_type = 'Lock' and datname = current_database()";
        await Until.TrueAsync(async () => await world.QueryAsync<long>(waits) > 0, "it hands the event log over", Bound, () => cut.Tail);
        cut.Kill();
        await cut.ExitAsync();
    }

    /// <summary>What the lost state had called for, and the event log had not heard of, waits for a person, who takes what the systems have.</summary>
    static async Task ReleaseAsync(World world)
    {
        ApiKeys.Use(world);
        await using (var service = world.Run())
        {
            await service.ReadyAsync(Bound);
            await Until.TrueAsync(
                async () =>
                {
                    var held = await HeldAsync(service);
                    foreach (var id in held)
                    {
                        await service.AskAsync($"/api/v1/dead-letters/{Uri.EscapeDataString(id)}/replay", HttpMethod.Post, ApiKeys.Operator);
                    }

                    return held.Count == 0;
                },
                "nothing is held any more", Bound, () => service.Tail);
            service.Terminate();
            Assert.Equal(0, await service.ExitAsync());
        }

        ApiKeys.Forget(world);
    }

    static async Task<IReadOnlyList<string>> HeldAsync(ServiceProcess service)
    {
        var (_, text) = await service.AskAsync("/api/v1/dead-letters?limit=1000&reason=held:", key: ApiKeys.Operator);
        using var list = JsonDocument.Parse(text);
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(letter => letter.GetProperty("id").GetString()!)];
    }
}
