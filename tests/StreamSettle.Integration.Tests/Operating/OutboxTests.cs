using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary>A shop that tells its orders by an outbox, which the service reads by itself.</summary>
public class OutboxTests(TestPostgres postgres)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task What_the_outbox_tells_is_settled_also_after_a_kill_and_its_rows_need_not_stay()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(5));
        (world.Settings["Source:Outbox"], world.Settings["Source:CompletedSince"]) = ("true", "2020-01-01T00:00:00Z");
        await world.ExecuteAsync(OutboxShop.Sql);
        var (code, _, errors) = await world.CommandAsync("check");
        Assert.True(code == 0, errors);
        await world.SellAsync(world.Shop(50));
        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            await world.SellAsync(world.Shop(50, seed: 2) with { FirstOrderId = 1_000 });
            first.Kill();
        }

        await world.ExecuteAsync("delete from streamsettle_outbox where aggregateid < 1000");
        await using var service = world.Run();
        await service.ReadyAsync();
        world.Away = TimeSpan.FromSeconds(30);
        var status = await Settled.AsyncOf(service, Patience);
        Assert.Equal(0, status.DeadLetters);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));
        await world.SoundAsync();
    }
}
