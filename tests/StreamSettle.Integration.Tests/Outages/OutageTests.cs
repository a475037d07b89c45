using System.Diagnostics;
using Npgsql;
using StreamSettle.App.Http.Answers;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Shop;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Outages;

public class OutageTests
{
    const int Orders = 1_200;

    /// <summary>Npgsql tells the server every 5 s how far it has read.</summary>
    static readonly TimeSpan LongerThanTimers = TimeSpan.FromSeconds(6);

    static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_crashes_of_the_database_under_load_lose_nothing_and_repeat_nothing()
    {
        TestPostgres.Require();
        await using var server = await PrivatePostgres.StartAsync(new() { SharedBuffersMb = 64 });
        await using var world = await World.CreateAsync(server.ConnectionString, TimeSpan.FromSeconds(4), GentleFaults.Plan(7));
        world.Settings["Downstreams:Split:BatchSize"] = "50";
        await using var service = world.Run();
        StatusAnswer? last = null;
        await service.ReadyAsync();
        var shop = SellThroughOutagesAsync(world);

        for (var crash = 1; crash <= 2; crash++)
        {
            var completed = await CompletedAsync(service);
            await Until.TrueAsync(async () => await CompletedAsync(service) > completed + 100, "orders are completed", seen: () => service.Tail);
            await server.StopAsync(crash: true);
            await Until.TrueAsync(async () => (last = await service.StatusAsync()) is { Source.State: "disconnected" }, "the service sees that its source is gone", BackWithin, () => $"{last}\n{service.Tail}");
            await server.StartAgainAsync();
            await Until.TrueAsync(async () => (last = await service.StatusAsync()) is { Source.State: "streaming", Audit.State: "ok" }, "source and event log are back", BackWithin, () => $"{last}\n{service.Tail}");
        }

        Assert.True(await shop >= Orders);
        await Settled.AsyncOf(service, TimeSpan.FromSeconds(90));
        Assert.False(service.HasExited, service.Tail);
        world.Away = BackWithin;
        await world.SoundAsync();
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public Task A_service_that_slept_until_the_source_gave_it_up_goes_on() => SleepAsync(2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task It_does_after_many_sleeps() => SleepAsync(12);

    async Task SleepAsync(int sleeps)
    {
        TestPostgres.Require();
        await using var server = await PrivatePostgres.StartAsync(new()
        {
            Durable = false, SharedBuffersMb = 64, Settings = new Dictionary<string, string> { ["wal_sender_timeout"] = "2s" },
        });
        await using var world = await World.CreateAsync(server.ConnectionString, TimeSpan.FromSeconds(1));
        await using var service = world.Run();
        await service.ReadyAsync();

        // What breaks depends on which of the client's timers fires first: all are due after a sleep that is longer than they are.
        for (var sleep = 1; sleep <= sleeps; sleep++)
        {
            var asleep = Stopwatch.StartNew();
            Signals.Freeze(service.Id);
            await Until.TrueAsync(async () => asleep.Elapsed > LongerThanTimers && await ReadersAsync(world) == 0, "the server gives the reader up");
            Signals.Thaw(service.Id);
            await Until.TrueAsync(
                async () => service.HasExited || await ReadersAsync(world) == 1 && await service.StatusAsync() is { Source.State: "streaming" }, "the source is read again", BackWithin, () => service.Tail);
            Assert.False(service.HasExited, $"it ended after sleep {sleep}:\n{service.Tail}");
        }

        await world.SellAsync(world.Shop(50) with { Fates = FateShares.None });
        Assert.Equal(50, (await Settled.AsyncOf(service, TimeSpan.FromSeconds(60))).Flow.Completed);
    }

    static Task<long> ReadersAsync(World world) => world.QueryAsync<long>("select count(*) from pg_stat_replication");

    static async Task<long> CompletedAsync(ServiceProcess service) => (await service.StatusAsync())?.Flow.Completed ?? 0;

    /// <summary>A shop whose database goes away sells on when it is back.</summary>
    static async Task<int> SellThroughOutagesAsync(World world)
    {
        var sold = 0;
        while (sold < Orders)
        {
            var before = sold;
            try
            {
                var progress = new Latest(now => sold = before + now.Created);
                await world.SellAsync(world.Shop(Orders - before, perSecond: 40, seed: 1 + before), progress);
                sold = Orders;
            }
            catch (NpgsqlException)
            {
                await Until.TrueAsync(() => AnswersAsync(world), "the shop's database is back");
            }
        }

        return sold;
    }

    static async Task<bool> AnswersAsync(World world)
    {
        try
        {
            return await world.QueryAsync<int>("select 1") == 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    sealed class Latest(Action<ShopProgress> take) : IProgress<ShopProgress>
    {
        public void Report(ShopProgress value) => take(value);
    }
}
