using System.Net;
using System.Text.Json;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

public class OperatorTests(TestPostgres postgres)
{
    const string Replayed = "1003:verification:0";
    const string Discarded = "1007:tax:0";

    [Fact]
    public async Task Dead_letters_are_listed_shown_replayed_and_discarded_by_those_who_may()
    {
        var faults = FaultPlan.None.With(Leg.Verification, new() { RejectKeys = [Replayed] }).With(Leg.Tax, new() { RejectKeys = [Discarded] });
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1), faults);
        ApiKeys.Use(world);
        ApiKeys.UseEyes(world);
        await using var service = world.Run();
        await service.ReadyAsync();
        world.Settings["Urls"] = service.Url!.ToString();
        await world.SellAsync(world.Shop(20) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        await Until.TrueAsync(async () => (await ListAsync(world)).Length == 2, "both rejected calls wait for a person", seen: () => service.Tail);

        await ShowAsync(world);
        ApiKeys.Give(world, ApiKeys.Eyes);
        var waits = await world.CommandAsync("order", "1003");
        Assert.True(waits.Output.Contains("Waits for a person", StringComparison.Ordinal) && waits.Errors.Length == 0, waits.Output + waits.Errors);
        ApiKeys.Take(world);
        await RefuseAsync(world, service);
        Assert.Equal(HttpStatusCode.Conflict, (await service.AskAsync("/api/v1/clock/resume", HttpMethod.Post, ApiKeys.Operator)).Status);
        world.Downstreams.Apply(FaultPlan.None);
        await ActAsync(world, "replay", Replayed);
        await ActAsync(world, "discard", Discarded, "--reason", "filed by hand");
        await Until.TrueAsync(async () => (await ListAsync(world)).Length == 0, "nobody waits any more", seen: () => service.Tail);

        await Until.TrueAsync(async () => (await world.CommandAsync("order", "1003")).Output.StartsWith("Order 1003: completed", StringComparison.OrdinalIgnoreCase), "the replayed order is completed");
        await RoadsAsync(world);
        await world.SoundAsync();
    }

    [Fact]
    public async Task While_a_discard_asks_the_system_whoever_asks_for_something_else_is_told_so()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1), FaultPlan.None.With(Leg.Tax, new() { ErrorNotDone = 1 }));
        ApiKeys.Use(world);
        world.Settings["Downstreams:Tax:MaxAttempts"] = "1";
        world.Settings["Downstreams:Tax:Timeout"] = "00:01:00";
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(20) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        var path = $"/api/v1/dead-letters/{Uri.EscapeDataString(Discarded)}";
        await Until.TrueAsync(async () => (await service.AskAsync(path, key: ApiKeys.Operator)).Status == HttpStatusCode.OK, "the call that may have happened waits for a person", seen: () => service.Tail);

        world.Downstreams.Apply(FaultPlan.None.With(Leg.Tax, new() { Latency = TimeSpan.FromSeconds(10) }));
        Assert.Equal(HttpStatusCode.Accepted, (await service.AskAsync(path + "/discard", HttpMethod.Post, ApiKeys.Operator)).Status);
        await Until.TrueAsync(async () => (await service.AskAsync(path, key: ApiKeys.Operator)).Text.Contains("\"discardedBy\":\"ops\"", StringComparison.Ordinal), "it is being discarded", seen: () => service.Tail);
        foreach (var action in new[] { "/replay", "/discard" })
        {
            var second = await service.AskAsync(path + action, HttpMethod.Post, ApiKeys.Operator);
            Assert.Equal(HttpStatusCode.Conflict, second.Status);
            Assert.Contains("by ops is under way: its system is asked", second.Text, StringComparison.Ordinal);
        }

        world.Downstreams.Apply(FaultPlan.None);
        await Until.TrueAsync(async () => (await service.AskAsync(path, key: ApiKeys.Operator)).Status == HttpStatusCode.NotFound, "it is discarded when the system has answered", seen: () => service.Tail);
        await Until.TrueAsync(async () => (await TypesAsync(world, "delivery_discarded")).Length == 1, "the event log has it once", seen: () => service.Tail);
    }

    static async Task<string[]> TypesAsync(World world, string type) =>
        (await world.QueryAsync<string[]>($"select coalesce(array_agg(type), '{{}}') from settlement.mt_events where stream_id = '1007' and type = '{type}'"))!;

    static async Task ShowAsync(World world)
    {
        var filtered = await world.CommandAsync("dead-letters", "list", "--stage", "tax", "--key", ApiKeys.Operator);
        Assert.Contains(Discarded, filtered.Output, StringComparison.Ordinal);
        Assert.Contains("REASON", filtered.Output, StringComparison.Ordinal);
        Assert.Contains("The system rejected the call", filtered.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Replayed, filtered.Output, StringComparison.Ordinal);

        var shown = await world.CommandAsync("dead-letters", "show", Replayed, "--key", ApiKeys.Operator);
        Assert.Equal(0, shown.Code);
        Assert.Contains("422", shown.Output, StringComparison.Ordinal);
        Assert.Contains("SETTLEMENT", shown.Output, StringComparison.Ordinal);

        var missing = await world.CommandAsync("dead-letters", "show", "1:split:0", "--key", ApiKeys.Operator);
        Assert.True(missing.Code == 1 && missing.Errors.Contains("1:split:0", StringComparison.Ordinal), missing.Errors);
    }

    static async Task RefuseAsync(World world, ServiceProcess service)
    {
        var path = $"/api/v1/dead-letters/{Uri.EscapeDataString(Replayed)}/replay";
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync(path, HttpMethod.Post)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync(path, HttpMethod.Post, "wrong")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.AskAsync(path, HttpMethod.Post, ApiKeys.Eyes)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync("/api/v1/status")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync("/metrics")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync("/metrics/")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.AskAsync("/api/v1/orders/1003", key: ApiKeys.Eyes)).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync("/")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync("/metrics", key: ApiKeys.Eyes)).Status);

        var refused = await world.CommandAsync("dead-letters", "replay", Replayed);
        Assert.True(refused.Code == 1 && refused.Errors.Contains("401", StringComparison.Ordinal), refused.Errors);
    }

    static async Task ActAsync(World world, string action, string id, params string[] more)
    {
        var file = Path.Combine(world.Folder, "key");
        await File.WriteAllTextAsync(file, ApiKeys.Operator + "\n");
        var done = await world.CommandAsync(["dead-letters", action, id, "--key-file", file, .. more]);
        Assert.True(done.Code == 0, done.Errors);
        Assert.Contains($"accepted: {action} of {id} by ops", done.Output, StringComparison.Ordinal);
    }

    static async Task RoadsAsync(World world)
    {
        var replayed = await world.CommandAsync("order", "1003");
        Assert.Equal(0, replayed.Code);
        foreach (var effect in world.Downstreams.Effects.Snapshot().Where(effect => effect.Receipt is not null && effect.Key.StartsWith("1003:", StringComparison.Ordinal)))
        {
            Assert.Contains(effect.Receipt!, replayed.Output, StringComparison.Ordinal);
        }

        Assert.Contains("ops", replayed.Output, StringComparison.Ordinal);
        var discarded = await world.CommandAsync("order", "1007");
        Assert.Contains("by ops: filed by hand", discarded.Output, StringComparison.Ordinal);
        var unknown = await world.CommandAsync("order", "99");
        Assert.True(unknown.Code == 2 && unknown.Output.Contains("nothing about it", StringComparison.Ordinal), unknown.Output + unknown.Errors);
    }

    static async Task<JsonElement[]> ListAsync(World world)
    {
        var listed = await world.CommandAsync("dead-letters", "list", "--json", "--key", ApiKeys.Operator);
        Assert.True(listed.Code == 0, listed.Errors);
        return [.. JsonDocument.Parse(listed.Output).RootElement.GetProperty("items").EnumerateArray()];
    }
}
