using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Budgets;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>A rate limit over real instances, whose partitions and the shares with them go from one to the other. The system itself counts, and says nothing of its limit.</summary>
[Collection(ConnectTests.Name)]
public sealed class BudgetTests(TestPostgres postgres, ConnectWorker connect)
{
    const int Limit = 60;
    const int Orders = 240;
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    [Trait("Category", "Soak")]
    public async Task It_is_kept_in_every_window_while_instances_are_killed_stopped_and_come_back()
    {
        var faults = FaultPlan.ForAll(leg => leg == Leg.Verification ? new() { RateLimit = Limit, RateWindow = Window, RateLimitStyle = RateLimitStyle.Silent } : new());
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, TimeSpan.FromSeconds(2), faults: faults);
        cluster.World.Settings["Downstreams:Verification:RateLimit"] = $"{Limit}";
        cluster.World.Settings["Downstreams:Verification:RateWindow"] = $"{Window}";
        await cluster.ApplyAsync();
        await using var first = cluster.Run(1);
        await using var second = cluster.Run(2);
        await first.ReadyAsync(Patience);
        await second.ReadyAsync(Patience);
        await cluster.World.SellAsync(cluster.World.Shop(Orders) with { Fates = FateShares.None });

        await VerifiedAsync(cluster, Orders / 6, second);
        first.Kill();
        await first.ExitAsync();
        await VerifiedAsync(cluster, Orders / 3, second);
        await using var again = cluster.Run(1);
        await again.ReadyAsync(Patience);
        await VerifiedAsync(cluster, Orders / 2, again);
        second.Terminate();
        Assert.Equal(0, await second.ExitAsync(TimeSpan.FromSeconds(60)));
        await using var last = cluster.Run(2);
        await last.ReadyAsync(Patience);
        await cluster.SettledAsync(Patience, again, last);

        var verified = cluster.World.Downstreams.Effects.Snapshot().Where(effect => effect.System == Leg.Verification).ToList();
        Assert.True(verified.Count >= Orders, $"{verified.Count} calls");
        Assert.Equal(0, cluster.World.Downstreams.Stats().Single(system => system.System == nameof(Leg.Verification)).BudgetViolations);
        var took = verified[^1].ArrivedAt - verified[0].ArrivedAt;
        Console.WriteLine($"budgets: {verified.Count} calls in {took.TotalSeconds:F0} s, at {Limit} in {Window.TotalSeconds:F0} s");
        await cluster.World.SoundAsync();
    }

    static Task VerifiedAsync(ClusterWorld cluster, int calls, ServiceProcess service) => Until.TrueAsync(
        () => cluster.World.Downstreams.Effects.Snapshot().Count(effect => effect.System == Leg.Verification) >= calls, $"{calls} orders are verified", Patience, () => service.Tail);
}
