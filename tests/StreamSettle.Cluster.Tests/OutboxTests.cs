using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>A shop that tells its orders by an outbox is settled like one whose table is read.</summary>
[Collection(ConnectTests.Name)]
public sealed class OutboxTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task What_the_outbox_tells_is_settled_and_its_rows_need_not_stay()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, Delay);
        cluster.World.Settings["Source:Outbox"] = "true";
        await cluster.World.ExecuteAsync(OutboxShop.Sql);
        await cluster.World.SellAsync(cluster.World.Shop(50));
        await cluster.ApplyAsync("shop-outbox.json");
        await using var service = cluster.Run();
        await service.ReadyAsync(Patience);
        await cluster.World.SellAsync(cluster.World.Shop(50, perSecond: 25, seed: 2) with { FirstOrderId = 1_000 });
        await cluster.World.ExecuteAsync("delete from streamsettle_outbox");

        var status = Assert.Single(await cluster.SettledAsync(Patience, service));
        Assert.Equal(0, status.DeadLetters);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));
        await cluster.World.SoundAsync();
    }
}
