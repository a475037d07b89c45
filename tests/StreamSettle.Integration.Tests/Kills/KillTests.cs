using System.Diagnostics;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Kills;

public class KillTests(TestPostgres postgres)
{
    const int EnvironmentFailed = 3;
    const double OrdersPerSecond = 20;

    /// <summary>Few, as the last round is waited for.</summary>
    const int OrdersOfARound = 100;
    const double OfOneMerchant = 0.5;

    /// <summary>On a busy machine, and over links that break; the times that were seen are printed.</summary>
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(300);

    /// <summary>Longer than the source may be silent, and than an order waits for its mark.</summary>
    static readonly TimeSpan LongestTrouble = TimeSpan.FromSeconds(6);

    /// <summary>What comes sooner after a kill was sent before it: no start is as fast.</summary>
    static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(300);

    /// <summary>Twenty times as many orders are taken back before their mark as the sandbox's shop does otherwise: what was cancelled unseen must not be paid.</summary>
    static readonly FateShares ManyTakenBack = new() { CancelledAfterCompletion = 0.1, Disputed = 0.05, RefundedPartlyBefore = 0.1, RefundedWhollyBefore = 0.05 };

    readonly List<TimeSpan> restarts = [];
    readonly List<UtcInstant> killedAtWork = [];

    [Fact]
    public Task Eight_kills_at_random_moments_cost_nothing_but_time() => SurviveAsync(KillPlan.Of(Seeds.Next("kills"), 8), linksBreak: false);

    [Fact]
    public Task Six_kills_while_the_links_to_source_and_event_log_break_cost_nothing_but_time() => SurviveAsync(KillPlan.Of(Seeds.Next("kills"), 6), linksBreak: true);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_kills_at_random_moments_cost_nothing_but_time() => SurviveAsync(KillPlan.Of(Seeds.Next("kills"), 20), linksBreak: false);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_kills_while_the_links_to_source_and_event_log_break_cost_nothing_but_time() => SurviveAsync(KillPlan.Of(Seeds.Next("kills"), 20), linksBreak: true);

    async Task SurviveAsync(KillPlan plan, bool linksBreak)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(5), InOrder(GentleFaults.Plan(plan.Seed), inOrder: !linksBreak));
        world.Silence = TimeSpan.FromSeconds(2);
        // The first start may meet orders whose mark has passed: a busy machine takes its time.
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        Batch(world, inOrder: !linksBreak);
        var keys = SealKeys.Use(world);
        Views.Use(world);
        var (source, eventLog) = world.Link();
        await using var endSource = source;
        await using var endEventLog = eventLog;
        var clock = Stopwatch.StartNew();
        var shop = new EndlessShop(world, world.Shop(OrdersOfARound, OrdersPerSecond, plan.Seed) with { Fates = ManyTakenBack, DominantShare = linksBreak ? 0 : OfOneMerchant });
        shop.Open();
        if (linksBreak)
        {
            // The event log breaks less: nothing is decided by it, and calls must go on.
            await using var sourceWeather = new LinkWeather(source, plan.Seed, LongestTrouble);
            await using var logWeather = new LinkWeather(eventLog, plan.Seed + 1, LongestTrouble / 2);
            await DieAgainAndAgainAsync(world, plan.LivesLonger(3));
            Console.WriteLine($"kills: the source's link: {sourceWeather}; the event log's: {logWeather}");
        }
        else
        {
            await DieAgainAndAgainAsync(world, plan);
        }

        Console.WriteLine($"kills: {plan.Kills.Count} in {clock.Elapsed.TotalSeconds:F0} s");
        await SettleAllAsync(world, shop);
        restarts.Sort();
        // While links break nothing may be fired for as long as it all lasts.
        await JudgeAsync(world, away: linksBreak ? clock.Elapsed : restarts[^1] + TimeSpan.FromSeconds(15));
        await VerifyAsync(world, keys);
        Silent(world);
        Console.WriteLine($"kills: {clock.Elapsed.TotalSeconds:F0} s in all; {restarts.Count} restarts to ready: median {restarts[restarts.Count / 2].TotalSeconds:F1} s, most {restarts[^1].TotalSeconds:F1} s");
    }

    /// <summary>How long no system saw an effect after a kill. A life may end before it has one, so the least says what a start takes.</summary>
    void Silent(World world)
    {
        var effects = world.Downstreams.Effects.Snapshot().Where(entry => entry.Outcome == EffectOutcome.Accepted).Select(entry => entry.ArrivedAt).Order().ToList();
        var silences = killedAtWork.Select(killed => effects.Find(at => at > killed + OnTheWay) - killed).Order().ToList();
        Console.WriteLine($"kills: from kill -9 at work to the next effect: least {silences[0].TotalSeconds:F2} s, median {silences[silences.Count / 2].TotalSeconds:F2} s");
    }

    /// <summary>All systems work through a merchant's items in order, else two of them take batches.</summary>
    static void Batch(World world, bool inOrder)
    {
        foreach (var leg in inOrder ? [Leg.Verification, Leg.Split, Leg.Commission, Leg.Tax] : (Leg[])[Leg.Split, Leg.Tax])
        {
            world.Settings[$"Downstreams:{leg}:BatchSize"] = leg == Leg.Tax ? "20" : "50";
            world.Settings[$"Downstreams:{leg}:BatchOrder"] = inOrder ? "InOrder" : "OnePerMerchant";
        }
    }

    static FaultPlan InOrder(FaultPlan plan, bool inOrder) => plan with
    {
        Systems = plan.Systems.ToDictionary(system => system.Key, system => system.Value with { InOrder = inOrder }),
    };

    async Task DieAgainAndAgainAsync(World world, KillPlan plan)
    {
        foreach (var kill in plan.Kills)
        {
            while (!await LiveAndDieAsync(world, kill))
            {
                // Its start met a link that was down: whoever looks after it starts it again.
            }
        }
    }

    async Task SettleAllAsync(World world, EndlessShop shop)
    {
        await using var last = world.Run();
        restarts.Add(await last.ReadyAsync(ReadyWithin));
        var (created, edited) = await shop.CloseAsync();
        var settled = await Settled.AsyncOf(last, TimeSpan.FromSeconds(180));
        await Views.AreRightAsync(world, last);
        last.Terminate();
        Assert.Equal(0, await last.ExitAsync(TimeSpan.FromSeconds(30)));
        Console.WriteLine($"kills: {created} orders, {edited} edits, {settled.Flow.Completed} completed, {settled.DeadLetters} dead letters");
    }

    static async Task JudgeAsync(World world, TimeSpan away)
    {
        world.Away = away;
        var report = await world.SoundAsync();
        // The shop changes a few keys, which is for a person to decide; a call that waits for one was given up too early.
        Assert.All(report.DeadLetters.Keys, reason => Assert.Equal("calculation: changed_key", reason));
    }

    /// <summary>Whichever life made a seal, and however it ended: they are one chain over what is there.</summary>
    static async Task VerifyAsync(World world, SealKeys keys)
    {
        SealKeys.Forget(world);
        var verified = await world.CommandAsync("audit", "verify", "--key", $"{SealKeys.Name}={keys.Open}");
        Console.WriteLine($"kills: {verified.Output}");
        Assert.True(verified.Code == 0, verified.Output + verified.Errors);
    }

    /// <returns>False when it ended by itself before it was ready, because what is around it failed.</returns>
    async Task<bool> LiveAndDieAsync(World world, PlannedKill kill)
    {
        await using var service = world.Run();
        if (kill.Ending != Ending.WhileStarting)
        {
            if (!await service.ReadyOrEndedAsync(ReadyWithin))
            {
                var ended = await service.ExitAsync();
                Assert.True(ended == EnvironmentFailed, $"it ended with {ended} before it was ready:\n{service.Tail}");
                return false;
            }

            restarts.Add(service.Elapsed);
        }

        if (kill.Ending == Ending.WhileStopping)
        {
            service.Terminate();
        }

        var from = kill.Ending == Ending.WhileStarting ? TimeSpan.Zero : service.Elapsed;
        await Until.TrueAsync(() => service.HasExited || service.Elapsed - from >= kill.After, $"the moment of {kill}");
        var endedBefore = service.HasExited;
        service.Kill();
        if (kill.Ending == Ending.AtWork)
        {
            killedAtWork.Add(UtcInstant.Now(TimeProvider.System));
        }

        var code = await service.ExitAsync();
        Assert.True(
            !endedBefore || kill.Ending == Ending.WhileStopping || (kill.Ending == Ending.WhileStarting && code == EnvironmentFailed),
            $"the service ended by itself before {kill}:\n{service.Tail}");
        return true;
    }
}
