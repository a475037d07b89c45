using System.Diagnostics;
using System.Globalization;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Kills;

public class KillTests(TestPostgres postgres)
{
    const int Kills = 20;
    const int Orders = 2_500;

    /// <summary>On a busy machine; the times that were seen are printed.</summary>
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    readonly List<TimeSpan> restarts = [];

    [Fact]
    public async Task Twenty_kills_at_random_moments_cost_nothing_but_time()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STREAMSETTLE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount & 0xFFFFFF;
        Console.WriteLine($"kills: STREAMSETTLE_SEED={seed}");
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(4), GentleFaults.Plan(seed));
        // The first start may meet orders whose mark has passed: a busy machine takes its time.
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        world.Settings["Downstreams:Split:BatchSize"] = "50";
        world.Settings["Downstreams:Tax:BatchSize"] = "20";
        var clock = Stopwatch.StartNew();
        var shop = world.SellAsync(world.Shop(Orders, perSecond: 30, seed));

        foreach (var kill in KillPlan.Of(seed, Kills))
        {
            await LiveAndDieAsync(world, kill);
        }

        Console.WriteLine($"kills: {Kills} in {clock.Elapsed.TotalSeconds:F0} s, the shop {(shop.IsCompleted ? "had sold" : "was still selling")}");
        await using var last = world.Run();
        restarts.Add(await last.ReadyAsync(ReadyWithin));
        var sold = await shop;
        var settled = await Settled.AsyncOf(last, TimeSpan.FromSeconds(120));
        last.Terminate();
        Assert.Equal(0, await last.ExitAsync(TimeSpan.FromSeconds(30)));

        restarts.Sort();
        world.Away = restarts[^1] + TimeSpan.FromSeconds(15);
        var report = await world.SoundAsync();
        Console.WriteLine(
            $"kills: {sold.Created} orders, {settled.Flow.Completed} completed, {settled.DeadLetters} dead letters, in {clock.Elapsed.TotalSeconds:F0} s; "
            + $"{restarts.Count} restarts to ready: median {restarts[restarts.Count / 2].TotalSeconds:F1} s, most {restarts[^1].TotalSeconds:F1} s");
        Assert.True(sold.Created == Orders && !sold.Interrupted, sold.ToText());
        // The shop changes a few keys, which is for a person to decide; a call that waits for one was given up too early.
        Assert.All(report.DeadLetters.Keys, reason => Assert.Equal("calculation: changed_key", reason));
    }

    async Task LiveAndDieAsync(World world, PlannedKill kill)
    {
        await using var service = world.Run();
        if (kill.Ending != Ending.WhileStarting)
        {
            restarts.Add(await service.ReadyAsync(ReadyWithin));
        }

        if (kill.Ending == Ending.WhileStopping)
        {
            service.Terminate();
        }

        var from = kill.Ending == Ending.WhileStarting ? TimeSpan.Zero : service.Elapsed;
        await Until.TrueAsync(() => service.HasExited || service.Elapsed - from >= kill.After, $"the moment of {kill}");
        Assert.True(kill.Ending == Ending.WhileStopping || !service.HasExited, $"the service ended by itself before {kill}:\n{service.Tail}");
        service.Kill();
        await service.ExitAsync();
    }
}
