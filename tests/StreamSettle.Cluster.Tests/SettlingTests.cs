using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Orders on the whole road: shop, Debezium on Connect, the graph on Kafka, downstream systems, event log.</summary>
[Collection(ConnectTests.Name)]
public sealed class SettlingTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task What_was_there_before_and_what_is_sold_meanwhile_is_settled_and_a_stop_leaves_the_group_at_once()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, Delay);
        await cluster.World.SellAsync(cluster.World.Shop(100));
        await cluster.ApplyAsync();
        await using var service = cluster.Run();
        await service.ReadyAsync(Patience);
        await cluster.World.SellAsync(cluster.World.Shop(200, perSecond: 40, seed: 2));
        await cluster.SettledAsync(Patience, service);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));

        await using var again = cluster.Run(1);
        await again.ReadyAsync(Patience);
        again.Terminate();
        Assert.Equal(0, await again.ExitAsync(TimeSpan.FromSeconds(30)));
        await cluster.World.SoundAsync();
    }
}
