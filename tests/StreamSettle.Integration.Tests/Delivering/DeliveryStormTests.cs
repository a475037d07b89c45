using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.App.Commands;
using StreamSettle.App.Http.Answers;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>
/// Systems that misbehave in every way while payouts gather, batches are in order, what was done is undone and told by callbacks, people hold and release, and the service is killed: one effect a key,
/// one body a key, merchant order and budgets kept, and when all is well again everything drains.
/// </summary>
public class DeliveryStormTests(TestPostgres postgres)
{
    const string Key = "open sesame";
    const string Secret = "whsec of all systems";
    const int Merchants = 20;
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(300);
    static readonly TimeSpan DrainedWithin = TimeSpan.FromSeconds(300);

    /// <summary>So that few orders meet each fate.</summary>
    static readonly FateShares Often = new()
    {
        RefundedPartlyBefore = 0.04, RefundedAfter = 0.1, CancelledAfterCompletion = 0.02, DisputedAndCompletedAgain = 0.02, AmountEdited = 0.03, PromoterEdited = 0.03, MerchantEdited = 0.03,
    };

    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly List<ServiceProcess> lives = [];
    TimeSpan away;

    [Fact]
    public Task All_faults_together_cost_nothing_but_time()
    {
        var seed = Seeds.Next("delivery");
        return SurviveAsync("all", BadDays.All(seed), seed, orders: 120, kills: 1);
    }

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Runs))]
    public Task All_faults_together_for_longer_cost_nothing_but_time(int run)
    {
        var seed = Seeds.Next("delivery") + run;
        return SurviveAsync("all", BadDays.All(seed), seed, orders: 600, kills: 5);
    }

    /// <summary>Thousands that are sold at once wait for their turn past their marks: that is when their order is hardest to keep.</summary>
    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Runs))]
    public Task A_crowd_that_is_sold_at_once_keeps_its_order(int run)
    {
        var seed = Seeds.Next("delivery") + run;
        return SurviveAsync("crowd", BadDays.Crowded(seed), seed, orders: 3_000, kills: 2, perSecond: 0);
    }

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Faults))]
    public Task Each_fault_alone_costs_nothing_but_time(string fault)
    {
        var seed = Seeds.Next("delivery");
        return SurviveAsync(fault, BadDays.One(fault, seed), seed, orders: 120, kills: 1);
    }

    public static TheoryData<int> Runs => [.. Enumerable.Range(0, 3)];

    public static TheoryData<string> Faults => [.. BadDays.Names];

    async Task SurviveAsync(string day, FaultPlan faults, int seed, int orders, int kills, double perSecond = 30)
    {
        await using var world = await NewAsync(faults);
        try
        {
            var service = Live(world);
            await service.ReadyAsync(ReadyWithin);
            var url = service.Url!;
            world.Settings["Urls"] = url.ToString();
            using var posts = new SandboxCallbacks(url);
            world.Downstreams.SendCallbacksBy(posts.PostAsync, Secret);
            await using var meddler = new Meddler(url, Key, seed, Merchants);
            var selling = world.SellAsync(world.Shop(orders, perSecond, seed) with { Merchants = Merchants, FirstOrderId = 1, Fates = Often });
            var random = new Random(seed);
            for (var kill = 0; kill < kills; kill++)
            {
                service = await DieAsync(world, service, TimeSpan.FromSeconds(1 + 4 * random.NextDouble()));
            }

            var sold = await selling;
            await Until.TrueAsync(() => world.Downstreams.Stats().Sum(system => system.Calls) >= orders, "the storm is met", seen: () => service.Tail);
            await meddler.StopAsync();
            world.Downstreams.Apply(BadDays.Over with { Seed = seed });
            var status = await DrainAsync(world, meddler, service);
            Console.WriteLine(
                $"delivery: {day}, seed {seed}: {sold.Created} orders, {status.Flow.Completed} completed, {status.Flow.ReversalsCompleted} reversals, {await JudgeAsync(world)} returned, {meddler.Held} holds, {kills} kills, "
                + $"{world.Downstreams.Stats().Sum(system => system.Faults)} faults in {clock.Elapsed.TotalSeconds:F0} s");
        }
        catch
        {
            Console.WriteLine($"delivery: {day}, seed {seed}: what is left of it is in {await Evidence.KeepAsync(world, lives)}");
            throw;
        }
        finally
        {
            foreach (var life in lives)
            {
                await life.DisposeAsync();
            }
        }
    }

    ServiceProcess Live(World world)
    {
        lives.Add(world.Run());
        return lives[^1];
    }

    /// <returns>The next life, when it is ready.</returns>
    async Task<ServiceProcess> DieAsync(World world, ServiceProcess service, TimeSpan after)
    {
        var from = clock.Elapsed;
        await Until.TrueAsync(() => clock.Elapsed - from >= after, "it lives for a while");
        Assert.False(service.HasExited, $"it ended by itself:\n{service.Tail}");
        service.Kill();
        await service.ExitAsync();
        var next = Live(world);
        var took = await next.ReadyAsync(ReadyWithin);
        away = took > away ? took : away;
        return next;
    }

    /// <returns>How many effects were undone: each was told once, and took effect anew once.</returns>
    async Task<int> JudgeAsync(World world)
    {
        world.Away = away + TimeSpan.FromSeconds(15);
        var report = await world.SoundAsync();
        Assert.All(report.DeadLetters.Keys, reason => Assert.Equal("calculation: changed_key", reason));
        var effects = world.Downstreams.Effects.Snapshot();
        var undone = Undone(world);
        var anew = effects.Count(effect => effect.Outcome == EffectOutcome.Accepted && effect.Key.Contains(";r", StringComparison.Ordinal));
        var told = await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'delivery_returned'");
        Assert.Equal((undone, undone, undone), (anew, (int)told, (int)world.Downstreams.CallbacksTold));
        return undone;
    }

    static int Undone(World world) => world.Downstreams.Effects.Snapshot().Count(effect => effect.Outcome == EffectOutcome.Returned);

    /// <summary>Everybody behaves and nobody holds: what waits for a person is tried again, and then nothing is left.</summary>
    static async Task<StatusAnswer> DrainAsync(World world, Meddler meddler, ServiceProcess service)
    {
        await Until.TrueAsync(() => world.Downstreams.CallbacksTold == Undone(world), "every return is told", DrainedWithin, () => service.Tail);
        var last = await Settled.AsyncOf(service, DrainedWithin);
        await Until.TrueAsync(
            async () =>
            {
                if (last is { Flow: { Held: 0, PayoutsWaiting: 0 } } && await CallsWaitingAsync(service) == 0)
                {
                    return true;
                }

                foreach (var reason in (string[])["returned: ", "unknown: ", "4", "5"])
                {
                    await meddler.ReplayAsync(reason);
                }

                last = await Settled.AsyncOf(service, DrainedWithin);
                return false;
            },
            "nothing is held, waits for its payout or for a person", DrainedWithin, () => $"{last}\n{service.Tail}");
        return last;
    }

    /// <summary>Calls that wait for a person; orders with a changed key are no calls.</summary>
    static async Task<int> CallsWaitingAsync(ServiceProcess service)
    {
        var (_, text) = await service.AskAsync("/api/v1/dead-letter-groups", key: Key);
        using var groups = System.Text.Json.JsonDocument.Parse(text);
        return groups.RootElement.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("stage").GetString() is not "calculation").Sum(group => group.GetProperty("count").GetInt32());
    }

    async Task<World> NewAsync(FaultPlan faults)
    {
        var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(2), faults);
        world.Silence = TimeSpan.FromSeconds(2);
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        world.Settings["Access:Keys:ops:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        world.Settings["Access:Keys:ops:Role"] = "Operator";
        world.Settings["Access:OpenLocally"] = "true";
        foreach (var leg in (Leg[])[Leg.Verification, Leg.Split, Leg.Commission, Leg.Tax])
        {
            world.Settings[$"Downstreams:{leg}:BatchSize"] = "20";
            world.Settings[$"Downstreams:{leg}:BatchOrder"] = "InOrder";
            world.Settings[$"Downstreams:{leg}:CallbackSecret"] = Secret;
            world.Settings[$"Downstreams:{leg}:RateWindow"] = "00:00:10";
            world.Settings[$"Downstreams:{leg}:Breaker:Window"] = "00:00:05";
        }

        await GatheringPayouts.WriteAsync(world, minimum: 20_000, maxWait: "PT3S", more: """{"when": {"tier": "KA"}}""");
        return world;
    }
}
