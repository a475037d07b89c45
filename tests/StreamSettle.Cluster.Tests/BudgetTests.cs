using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Faults;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>I11 with real instances: what the downstream systems count over all of them.</summary>
[Collection(ConnectTests.Name)]
public sealed class BudgetTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Two_instances_keep_a_shared_budget_and_one_of_turns_though_one_is_killed()
    {
        // Splits are a hundred a window, which the system says; filings two, of four partitions, which are configured.
        var plan = FaultPlan.None.With(Leg.Split, new() { RateLimit = 100, RateWindow = Window }).With(Leg.Tax, new() { RateLimit = 2, RateWindow = Window });
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, TimeSpan.FromSeconds(5), faults: plan);
        cluster.World.Settings["Downstreams:Split:RateWindow"] = "00:00:10";
        cluster.World.Settings["Downstreams:Tax:RateLimit"] = "2";
        cluster.World.Settings["Downstreams:Tax:RateWindow"] = "00:00:10";
        cluster.World.Settings["Downstreams:Tax:BatchSize"] = "200";
        await cluster.World.SellAsync(cluster.World.Shop(400));
        await cluster.ApplyAsync();
        await using var first = cluster.Run();
        await using var second = cluster.Run();
        await Task.WhenAll(first.ReadyAsync(Patience), second.ReadyAsync(Patience));
        await Until.TrueAsync(() => cluster.World.Downstreams.Effects.Snapshot().Count > 600, "calls are made", Patience, () => $"{first.Tail}\n{second.Tail}");
        second.Kill();
        await second.ExitAsync();
        await using var back = cluster.Run(2);
        await back.ReadyAsync(Patience);
        await cluster.SettledAsync(Patience, first, back);

        var split = Assert.Single((await first.StatusAsync())!.Downstreams, system => system.Leg == "split");
        Assert.Equal((100L, 100L), (split.BudgetTotal, split.BudgetLimit));
        Assert.All(cluster.World.Downstreams.Stats(), stats => Assert.Equal(0, stats.BudgetViolations));
        cluster.World.Away = TimeSpan.FromSeconds(60);
        await cluster.World.SoundAsync();
    }
}
