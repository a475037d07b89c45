using System.Net;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Holding;

/// <summary>Holds over API and command line, on the service as it runs: from the answer on, over a kill -9 and a restart.</summary>
public class HoldTests(TestPostgres postgres)
{
    const string All = "stop-1";
    const int Orders = 20;

    [Fact]
    public async Task From_the_answer_on_nothing_that_is_held_is_settled_and_what_is_released_goes_on()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        ApiKeys.Use(world, isGiven: true);
        ApiKeys.UseEyes(world);
        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            world.Settings["Urls"] = first.Url!.ToString();
            var added = await world.CommandAsync("holds", "add", "everything", "--reason", "the bank is closed", "--request-id", All);
            Assert.True(added.Code == 0 && added.Output.Contains($"held: everything by ops, until it is released (hold {All})", StringComparison.Ordinal), added.Output + added.Errors);
            first.Kill();
            await first.ExitAsync();
        }

        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        await using var service = world.Run();
        await service.ReadyAsync();
        await Until.TrueAsync(async () => await HeldAsync(world) == Orders, "every order is told to be held", seen: () => service.Tail);
        var status = await service.AskAsync("/api/v1/status", key: ApiKeys.Operator);
        Assert.True(status.Text.Contains("\"held\":20", StringComparison.Ordinal) && status.Text.Contains("\"holds\":1", StringComparison.Ordinal), status.Text);
        Assert.Contains("streamsettle_holds{otel_scope_name=\"StreamSettle.Holds\",reach=\"everything\"} 1", (await service.AskAsync("/metrics", key: ApiKeys.Operator)).Text, StringComparison.Ordinal);
        await RefuseAsync(world, service);
        Assert.Equal(0, (await world.CommandAsync("holds", "add", "order:1005", "--reason", "the buyer complains", "--for", "7.00:00:00", "--request-id", "one")).Code);
        Assert.Empty(world.Downstreams.Effects.Snapshot());
        var released = await world.CommandAsync("holds", "release", All, "--reason", "it is open again");
        Assert.True(released.Code == 0 && released.Output.Contains($"released: everything by ops (hold {All})", StringComparison.Ordinal), released.Output + released.Errors);
        await Until.TrueAsync(async () => await CompletedAsync(world) == Orders - 1, "all but one are settled", seen: () => service.Tail);
        var held = await world.CommandAsync("order", "1005");
        Assert.True(held.Output.Contains("held", StringComparison.Ordinal) && held.Output.Contains("the buyer complains", StringComparison.Ordinal) && held.Errors.Length == 0, held.Output + held.Errors);
        Assert.DoesNotContain(world.Downstreams.Effects.Snapshot(), effect => effect.Key.StartsWith("1005:", StringComparison.Ordinal));
        Assert.Equal(0, (await world.CommandAsync("holds", "release", "one")).Code);
        await Until.TrueAsync(async () => await CompletedAsync(world) == Orders, "the last one is settled", seen: () => service.Tail);
        Assert.Contains("nothing is held", (await world.CommandAsync("holds", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("released by ops", (await world.CommandAsync("holds", "list", "--all")).Output, StringComparison.Ordinal);
        await LoseStateAsync(world, service);
        await world.SoundAsync();
    }

    /// <summary>A hold that has kept nothing back yet is told by no event; the event log keeps it all the same, and a rebuild has it.</summary>
    static async Task LoseStateAsync(World world, ServiceProcess service)
    {
        Assert.Equal(0, (await world.CommandAsync("holds", "add", "merchant:999999", "--reason", "looked into", "--for", "7.00:00:00", "--request-id", "two")).Code);
        await Until.TrueAsync(async () => await world.QueryAsync<long>("select count(*) from settlement.streamsettle_logs where holds like '%merchant:999999%'") == 1, "the hold is kept", seen: () => service.Tail);
        service.Kill();
        await service.ExitAsync();
        Directory.Delete(world.StateDirectory, recursive: true);
        await using var rebuilt = world.Start("run", "--rebuild");
        await rebuilt.ReadyAsync();
        var listed = await world.CommandAsync("holds", "list");
        Assert.True(listed.Output.Contains("merchant:999999", StringComparison.Ordinal) && !listed.Output.Contains("rebuilt-", StringComparison.Ordinal), listed.Output + listed.Errors);
        Assert.Contains("released by ops", (await world.CommandAsync("holds", "list", "--all")).Output, StringComparison.Ordinal);
    }

    /// <summary>Who may not, and what cannot be held; and the same request again is the same hold.</summary>
    static async Task RefuseAsync(World world, ServiceProcess service)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await service.AskAsync($"/api/v1/holds/{All}/release", HttpMethod.Post, ApiKeys.Eyes)).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync($"/api/v1/holds/{All}", key: ApiKeys.Eyes)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.AskAsync("/api/v1/holds/none/release", HttpMethod.Post, ApiKeys.Operator)).Status);
        Assert.Equal(0, (await world.CommandAsync("holds", "add", "everything", "--reason", "the bank is closed", "--request-id", All)).Code);
        var other = await world.CommandAsync("holds", "add", "merchant:7", "--reason", "the bank is closed", "--request-id", All);
        Assert.True(other.Code == 1 && other.Errors.Contains("409", StringComparison.Ordinal), other.Errors);
        var strange = await world.CommandAsync("holds", "add", "downstream:bank", "--reason", "why");
        Assert.True(strange.Code == 1 && strange.Errors.Contains("verification, split, commission, tax", StringComparison.Ordinal), strange.Errors);
    }

    static Task<long> HeldAsync(World world) => world.QueryAsync<long>("select count(distinct stream_id) from settlement.mt_events where type = 'settlement_held'");

    static Task<long> CompletedAsync(World world) => world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'settlement_completed'");
}
