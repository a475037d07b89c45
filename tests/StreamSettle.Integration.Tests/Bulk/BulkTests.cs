using System.Net;
using System.Text.Json;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Bulk;

/// <summary>Many dead letters at once, over the command line, on the service as it runs.</summary>
public class BulkTests(TestPostgres postgres)
{
    const int Orders = 20;

    [Fact]
    public async Task Letters_are_counted_replayed_and_discarded_by_what_they_have_in_common()
    {
        string[] verifications = [.. Enumerable.Range(1_000, 5).Select(order => $"{order}:verification:0")];
        string[] taxes = ["1010:tax:0", "1011:tax:0"];
        var faults = FaultPlan.None.With(Leg.Verification, new() { RejectKeys = verifications }).With(Leg.Tax, new() { RejectKeys = taxes });
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1), faults);
        ApiKeys.Use(world, isGiven: true);
        await using var service = world.Run();
        await service.ReadyAsync();
        world.Settings["Urls"] = service.Url!.ToString();
        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        await Until.TrueAsync(async () => await WaitingAsync(service) == 7, "all that was rejected waits for a person", seen: () => service.Tail);
        world.Downstreams.Apply(FaultPlan.None);
        await SaidAsync(world, 0, "      5  verification", "dead-letters", "list", "--groups");
        await SaidAsync(world, 0, "      5  verification", "dead-letters", "replay", "--downstream", "verification", "--dry-run");
        await SaidAsync(world, 0, "nothing waits", "dead-letters", "list", "--to", "2026-01-01T00:00:00Z", "--groups");
        await SaidAsync(world, 1, "say by options which letters are meant", "dead-letters", "replay");
        await SaidAsync(world, 1, "not both", "dead-letters", "replay", "1010:tax:0", "--merchant", "1");
        await SaidAsync(world, 1, "reason is missing", "dead-letters", "discard", "--downstream", "tax");
        await SaidAsync(world, 1, "stage must be one of", "dead-letters", "list", "--stage", "bank");
        Assert.Equal(7, await WaitingAsync(service));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync("/api/v1/dead-letters", HttpMethod.Post)).Status);
        await SaidAsync(world, 0, "accepted: replay of 5", "dead-letters", "replay", "--downstream", "verification", "--waits-for", "422", "--per-second", "2", "--reason", "the registry is back", "--request-id", "b1");
        await Until.TrueAsync(async () => await WaitingAsync(service) == 2, "what was replayed is confirmed", seen: () => service.Tail);
        await SaidAsync(world, 0, "accepted: replay of 0", "dead-letters", "replay", "--downstream", "verification", "--request-id", "b1");
        await SaidAsync(world, 0, "accepted: discard of 2", "dead-letters", "discard", "--downstream", "tax", "--reason", "filed by hand");
        await Until.TrueAsync(async () => await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'settlement_completed'") == Orders, "every order is completed", seen: () => service.Tail);
        Assert.Contains("by ops: the registry is back", (await world.CommandAsync("order", "1003")).Output, StringComparison.Ordinal);
        Assert.Contains("by ops: filed by hand", (await world.CommandAsync("order", "1011")).Output, StringComparison.Ordinal);
        await world.SoundAsync();
    }

    static async Task<int> WaitingAsync(ServiceProcess service) =>
        JsonDocument.Parse((await service.AskAsync("/api/v1/dead-letter-groups", key: ApiKeys.Operator)).Text).RootElement.GetProperty("count").GetInt32();

    static async Task SaidAsync(World world, int code, string text, params string[] command)
    {
        var (answered, output, errors) = await world.CommandAsync(command);
        Assert.True(answered == code && (output + errors).Contains(text, StringComparison.Ordinal), $"{string.Join(' ', command)}: {answered}, {output}{errors}");
    }
}
