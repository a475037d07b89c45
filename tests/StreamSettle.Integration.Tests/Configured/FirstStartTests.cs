using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class FirstStartTests(TestPostgres postgres)
{
    const int Old = 30;
    const int New = 20;

    [Fact]
    public async Task Old_completed_orders_are_not_settled_unless_they_are_said_to_be_ours()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await world.SellAsync(world.Shop(Old) with { Fates = FateShares.None, CompletedAgo = TimeSpan.FromDays(30) });
        var (oldest, newest) = (await CompletedAsync(world, "min"), await CompletedAsync(world, "max"));

        await RefusedStart.OfAsync(world, RefusedStart.Mistake, $"{Old} completed orders", oldest.ToString(), newest.ToString(), "Source:CompletedSince");
        Assert.Equal(0, await world.SlotsAsync());
        Assert.Empty(world.Downstreams.Effects.Snapshot());

        world.Settings["Source:CompletedSince"] = UtcInstant.Now(TimeProvider.System).ToString();
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(New) with { Fates = FateShares.None });
        var settled = await Settled.AsyncOf(service, TimeSpan.FromSeconds(60));

        Assert.Equal(New, settled.Flow.Completed);
        var firstNew = 1 + Old;
        Assert.DoesNotContain(world.Downstreams.Effects.Snapshot(), effect => long.Parse(effect.Key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture) < firstNew);
    }

    static async Task<UtcInstant> CompletedAsync(World world, string which) =>
        UtcInstant.From(new DateTimeOffset(await world.QueryAsync<DateTime>($"select {which}(completed_at) from orders")));
}
