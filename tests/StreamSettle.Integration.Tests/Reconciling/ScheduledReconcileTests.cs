using System.Net;
using System.Text;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Reconciling;

/// <summary>The service compares by itself, tells what it finds, and repairs what it is asked to.</summary>
public class ScheduledReconcileTests(TestPostgres postgres)
{
    const int Orders = 10;
    const int Differ = 9081;

    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_a_system_has_lost_is_told_by_the_service_and_is_there_again_after_a_repair()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings["Reconcile:SecondLook"] = "00:00:00.5";
        await using (var before = world.Run())
        {
            await before.ReadyAsync();
            await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
            await Settled.OrdersAsync(world, before, Orders, SettledWithin);
        }

        // A verification that is restored from an empty backup; from now on the service looks by itself.
        await using var empty = await SandboxDownstreams.StartAsync(new(), TimeProvider.System, TestContext.Current.CancellationToken);
        world.Settings["Reconcile:Every"] = "00:00:01";
        world.Settings["Downstreams:Verification:BaseUrl"] = empty.BaseUrls[Leg.Verification].ToString();
        ApiKeys.Use(world);
        await using var service = world.Run();
        await Until.TrueAsync(() => service.Log.Any(line => line.Id == Differ), "it tells what it found", SettledWithin, () => service.Tail);
        Assert.Contains($"{Orders} missing", service.Output, StringComparison.Ordinal);
        Assert.Contains("streamsettle_reconcile_discrepancies", (await service.AskAsync("/metrics", key: ApiKeys.Operator)).Text, StringComparison.Ordinal);
        var status = (await service.AskAsync("/api/v1/status", key: ApiKeys.Operator)).Text;
        Assert.Contains($"\"missing\":{Orders}", status, StringComparison.Ordinal);

        world.Settings["Urls"] = service.Url!.ToString();
        string[] repair = ["reconcile", "--from", "2000-01-01", "--to", "2100-01-01", "--repair"];
        var closed = await world.CommandAsync(repair);
        Assert.True(closed.Code == 1 && closed.Errors.Contains("--key-file", StringComparison.Ordinal), closed.Output + closed.Errors);
        Assert.Empty(empty.Effects.Snapshot());

        ApiKeys.Give(world, ApiKeys.Operator);
        var repaired = await world.CommandAsync(repair);
        Assert.True(repaired.Code == 2 && repaired.Errors.Contains("accepted", StringComparison.Ordinal), repaired.Output + repaired.Errors);
        await Until.TrueAsync(() => empty.Effects.Snapshot().Count == Orders, "all are there again", SettledWithin, () => service.Tail);
        var sent = world.Downstreams.Effects.Snapshot().Where(entry => entry.System == Leg.Verification).ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Body));
        Assert.All(empty.Effects.Snapshot(), entry => Assert.Equal(sent[entry.Key], Encoding.UTF8.GetString(entry.Body)));

        foreach (var (path, refusal) in new[] { ("1:calculation:0", HttpStatusCode.BadRequest), ("nonsense", HttpStatusCode.BadRequest), ("999999:split:0", HttpStatusCode.Conflict) })
        {
            Assert.Equal(refusal, (await service.AskAsync($"/api/v1/calls/{Uri.EscapeDataString(path)}/send-again", HttpMethod.Post, ApiKeys.Operator)).Status);
        }
    }
}
