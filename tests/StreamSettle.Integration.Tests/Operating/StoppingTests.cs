using System.Net;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

public class StoppingTests(TestPostgres postgres)
{
    static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stop_under_load_ends_well_and_the_next_start_goes_on()
    {
        // Every answer takes longer than a command line waits for its handler by default.
        var slow = FaultPlan.ForAll(_ => new() { Latency = TimeSpan.FromSeconds(4) });
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(2), slow);
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        foreach (var leg in world.Downstreams.BaseUrls.Keys)
        {
            world.Settings[$"Downstreams:{leg}:Timeout"] = "00:00:10";
        }

        var shop = world.SellAsync(world.Shop(400, perSecond: 40));
        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            await Until.TrueAsync(async () => await first.StatusAsync() is { } status && status.Downstreams.Sum(system => system.InFlight) > 20, "calls are in flight", seen: () => first.Tail);
            first.Terminate();
            Assert.Equal(0, await first.ExitAsync(StopsWithin));
            Assert.Contains("stopped", first.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(" fail: ", first.Output, StringComparison.Ordinal);
            Assert.Equal("", first.Errors);
        }

        world.Downstreams.Apply(FaultPlan.None);
        await using var second = world.Run();
        await second.ReadyAsync();
        await shop;
        await Settled.AsyncOf(second, TimeSpan.FromSeconds(60));
        world.Away = Until.Patience;
        await world.SoundAsync();
    }

    [Theory]
    [InlineData("Source:ConnectionString", false)]
    [InlineData("Audit:ConnectionString", true)]
    public async Task Health_answers_while_the_service_starts_and_a_stop_then_ends_well(string waitsFor, bool givesUp)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        // A server that takes the connection and never answers: the start waits.
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        world.Settings[waitsFor] = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=shop;Password=shop;Database=shop;Timeout=60";
        await using var service = world.Run();

        await Until.TrueAsync(async () => (await service.AskAsync("/health/live")).Status == HttpStatusCode.OK, "it is live", seen: () => service.Tail);
        var (status, text) = await service.AskAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("starting", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.AskAsync("/api/v1/status")).Status);

        if (givesUp)
        {
            Signals.GiveUp(service.Id);
        }
        else
        {
            service.Terminate();
        }

        Assert.Equal(0, await service.ExitAsync(StopsWithin));
        Assert.DoesNotContain("   at ", service.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_check_that_is_stopped_has_not_found_that_all_is_well(bool closes)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        world.Settings["Source:ConnectionString"] = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=shop;Password=shop;Database=shop;Timeout=60";
        await using var check = world.Start("check");
        await Until.TrueAsync(() => check.Output.Contains("rules", StringComparison.Ordinal), "it has begun", seen: () => check.Tail);

        if (closes)
        {
            Signals.Close(check.Id);
        }
        else
        {
            Signals.Interrupt(check.Id);
        }

        Assert.Equal(130, await check.ExitAsync(StopsWithin));
        Assert.Equal("streamsettle: stopped before its end", check.Errors);
    }

    [Fact]
    public async Task Without_a_key_everything_but_changes_is_open_to_this_machine()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await using var service = world.Run();
        await service.ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync("/api/v1/status")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync("/openapi/v1.json")).Status);
        Assert.Contains("streamsettle", (await service.AskAsync("/metrics")).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.AskAsync("/api/v1/dead-letters/1:split:0/discard", HttpMethod.Post)).Status);
    }
}
