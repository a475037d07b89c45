using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>The service with <c>Kafka:Host=Streamiz</c>: the same road, and the same end whatever befalls an instance.</summary>
[Collection(ConnectTests.Name)]
public sealed class StreamizTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Orders_are_settled_once_each_by_two_instances_of_which_one_is_killed()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, delay: TimeSpan.FromSeconds(5));
        cluster.World.Settings["Kafka:Host"] = "Streamiz";
        await cluster.World.SellAsync(cluster.World.Shop(100));
        await cluster.ApplyAsync();
        await using var killed = cluster.Run();
        await killed.ReadyAsync(Patience);
        await using var survivor = cluster.Run();
        await survivor.ReadyAsync(Patience);
        await cluster.World.SellAsync(cluster.World.Shop(100, perSecond: 40, seed: 2));
        killed.Kill();

        await cluster.SettledAsync(Patience, survivor);
        cluster.World.Away = Patience;
        survivor.Terminate();
        Assert.Equal(0, await survivor.ExitAsync(TimeSpan.FromSeconds(30)));
        await cluster.World.SoundAsync();
    }
}
