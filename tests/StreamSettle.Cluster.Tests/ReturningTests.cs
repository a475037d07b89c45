using System.Net;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.App.Commands;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Payouts that wait, and payouts that a bank returns, over two instances of which one dies: one is told of all returns, and owns half of the orders.</summary>
[Collection(ConnectTests.Name)]
public sealed class ReturningTests(TestPostgres postgres, ConnectWorker connect)
{
    const string Key = "open sesame";
    const string Secret = "whsec of the bank";
    const int Orders = 60;

    /// <summary>Whose splits miss the cut-off of a day but for its first second, and whose bank is closed for some days then.</summary>
    const int Late = 1;

    const string Closed = "CLOSED_FOR_NOW";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    [Trait("Category", "Soak")]
    public async Task What_a_bank_returns_is_told_to_any_instance_and_what_waits_for_its_payout_is_the_survivors()
    {
        await using var cluster = await CreateAsync();
        await using var first = cluster.Run(1);
        await using var second = cluster.Run(2);
        await first.ReadyAsync(Patience);
        await second.ReadyAsync(Patience);
        using var posts = new SandboxCallbacks(second.Url!);
        cluster.World.Downstreams.SendCallbacksBy(posts.PostAsync, Secret);
        var world = cluster.World;
        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None, FirstOrderId = 1_000, Merchants = 4 });
        await Until.TrueAsync(async () => await CountAsync(world, "payout_deferred") == Orders, "every split waits", Patience, () => first.Tail + second.Tail);
        foreach (var instance in new[] { first, second })
        {
            Assert.Contains("Payouts by the time from which on they may go", (await world.CommandAsync("forecast", "--url", instance.Url!.ToString(), "--key", Key)).Output, StringComparison.Ordinal);
        }

        Assert.All([first, second], instance => Assert.True(cluster.OwnStatusAsync(instance).Result.Flow.Calculated > 0, instance.Tail));
        first.Kill();
        await first.ExitAsync();
        var late = await world.QueryAsync<long>($"select count(*) from orders where merchant_id = {Late}");
        Assert.InRange(late, 1, Orders - 1);
        await Until.TrueAsync(async () => await CountAsync(world, "payout_released") == Orders - late, "all go whose time is over", Patience, () => second.Tail);
        await Until.TrueAsync(async () => Undone(world) > 3 && await CountAsync(world, "delivery_returned") == Undone(world), "every return is told", Patience, () => second.Tail);
        world.Downstreams.Apply(FaultPlan.None);
        await using var again = cluster.Run(1);
        await again.ReadyAsync(Patience);
        await Until.TrueAsync(async () => await IsReplayedAsync(world, again), "every returned payout stands again", Patience, () => again.Tail + second.Tail);
        Assert.DoesNotContain(world.Downstreams.Effects.Snapshot(), effect => effect.System == Leg.Split && Encoding.UTF8.GetString(effect.Body).Contains($"\"merchantId\":{Late},", StringComparison.Ordinal));
        world.Away = TimeSpan.FromSeconds(60);
        await world.SoundAsync();
    }

    async Task<ClusterWorld> CreateAsync()
    {
        var cluster = await ClusterWorld.CreateAsync(
            postgres, connect, TimeSpan.FromSeconds(1), faults: FaultPlan.None.With(Leg.Split, new() { ReturnShare = 0.3, ReturnAfter = TimeSpan.FromMilliseconds(200), ErrorButDone = 0.1 }));
        var settings = cluster.World.Settings;
        settings["Access:Keys:ops:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        settings["Access:Keys:ops:Role"] = "Operator";
        settings["Access:OpenLocally"] = "true";
        settings["Downstreams:Split:CallbackSecret"] = Secret;
        await GatheringPayouts.WriteAsync(cluster.World, long.MaxValue, "PT6S", more: $$"""{"when": {"merchantId": {{Late}}}, "calendar": "{{Closed}}", "cutOff": "00:00:01"}""");
        await CloseAsync(Path.Combine(cluster.World.RulesDirectory, "calendars"));
        await cluster.ApplyAsync();
        return cluster;
    }

    /// <summary>A calendar on which yesterday, today and the next two days are holidays.</summary>
    static async Task CloseAsync(string calendars)
    {
        var text = (await File.ReadAllTextAsync(Path.Combine(calendars, "every.json"))).Replace(GatheringPayouts.Calendar, Closed, StringComparison.Ordinal);
        foreach (var year in Enumerable.Range(-1, 4).Select(day => TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(day)).GroupBy(day => day.Year))
        {
            var days = string.Join(", ", year.Select(day => $"\"{day:yyyy-MM-dd}\": \"closed\""));
            text = text.Replace($"\"{year.Key}\": {{\"holidays\": {{}}}}", $"\"{year.Key}\": {{\"holidays\": {{{days}}}}}", StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(calendars, "closed.json"), text);
    }

    static async Task<bool> IsReplayedAsync(World world, ServiceProcess service)
    {
        using var http = new HttpClient { BaseAddress = service.Url, DefaultRequestHeaders = { Authorization = new("Bearer", Key) } };
        using var content = new StringContent("""{"action":"replay","filter":{"reason":"returned: "},"reason":"new account"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/v1/dead-letters", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var anew = world.Downstreams.Effects.Snapshot().Count(effect => effect.Outcome == EffectOutcome.Accepted && effect.Key.Contains(";r", StringComparison.Ordinal));
        return anew == Undone(world) && await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'delivery_confirmed' and data ->> 'Key' like '%;r%'") == anew;
    }

    static int Undone(World world) => world.Downstreams.Effects.Snapshot().Count(effect => effect.Outcome == EffectOutcome.Returned);

    static Task<long> CountAsync(World world, string type) => world.QueryAsync<long>($"select count(*) from settlement.mt_events where type = '{type}'");
}
