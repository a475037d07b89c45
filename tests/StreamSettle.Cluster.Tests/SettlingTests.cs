using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Integration.Tests.Kills;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Orders on the whole road: shop, Debezium on Connect, the graph on Kafka, downstream systems, event log.</summary>
[Collection(ConnectTests.Name)]
public sealed class SettlingTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    static async Task<bool> IsHeardAsync(ServiceProcess service, int instances) =>
        await service.StatusAsync() is { } status && status.Instances.Count == instances && status.Instances.All(instance => instance.State is "heard" or "this one");

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

    [Fact]
    public async Task One_of_two_instances_that_is_killed_costs_nothing_but_time()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, Delay, faults: GentleFaults.Plan(7));
        await cluster.World.SellAsync(cluster.World.Shop(10) with { FirstOrderId = 90_000_001 });
        await cluster.ApplyAsync();
        await using var first = cluster.Run();
        await using var second = cluster.Run();
        await Task.WhenAll(first.ReadyAsync(Patience), second.ReadyAsync(Patience));
        await Until.TrueAsync(async () => await IsHeardAsync(first, 2) && await IsHeardAsync(second, 2), "each answers for both", Patience, () => $"{first.Tail}\n{second.Tail}");
        var shop = new EndlessShop(cluster.World, cluster.World.Shop(200, perSecond: 30, seed: 3));
        shop.Open();
        await Until.TrueAsync(() => cluster.World.Downstreams.Effects.Snapshot().Count > 200, "calls are made", Patience, () => $"{first.Tail}\n{second.Tail}");
        second.Kill();
        await second.ExitAsync();
        var (atKill, watch) = (cluster.World.Downstreams.Effects.Snapshot().Count, System.Diagnostics.Stopwatch.StartNew());
        await Until.TrueAsync(() => cluster.World.Downstreams.Effects.Snapshot().Count > atKill + 100, "the survivor goes on", Patience, () => first.Tail);
        Console.WriteLine($"cluster: {watch.Elapsed.TotalSeconds:F1} s from the kill to 100 further calls");
        await using var back = cluster.Run(2);
        await back.ReadyAsync(Patience);
        await shop.CloseAsync();
        await cluster.SettledAsync(Patience, first, back);
        var (whole, own, other) = (await first.StatusAsync(), await cluster.OwnStatusAsync(first), await cluster.OwnStatusAsync(back));
        Assert.Equal(whole!.Flow.Completed, own.Flow.Completed + other.Flow.Completed);
        Assert.True(own.Flow.Completed > 0 && other.Flow.Completed > 0, whole.ToString());
        cluster.World.Away = TimeSpan.FromSeconds(60);
        await cluster.World.SoundAsync();
    }
}
