using System.Text.Json;
using StreamSettle.App.Access;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Integration.Tests.Configured;
using StreamSettle.Integration.Tests.Kills;

namespace StreamSettle.Integration.Tests.Rebuilding;

/// <summary><c>run --rebuild</c> of the real program: its state directory is deleted under load.</summary>
public class RebuildTests(TestPostgres postgres)
{
    const int Seed = 41;
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task State_that_is_lost_under_load_is_rebuilt_and_every_invariant_holds()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(3), GentleFaults.Plan(Seed));
        world.Silence = TimeSpan.FromSeconds(2);
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        world.Settings["Downstreams:Split:BatchSize"] = "50";
        var shop = new EndlessShop(world, world.Shop(300, 60, Seed));
        shop.Open();
        var key = Operator(world);
        for (var loss = 0; loss < 2; loss++)
        {
            await using var service = loss == 0 ? world.Run() : world.Start("run", "--rebuild");
            await service.ReadyAsync(Bound);
            var before = (await service.StatusAsync())!.Flow.Completed;
            await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow.Completed > before + 100, "orders are settled", Bound, () => service.Tail);
            service.Kill();
            await service.ExitAsync();
            Directory.Delete(world.StateDirectory, recursive: true);
        }

        var (refused, _, errors) = await world.CommandAsync("run");
        Assert.Equal(1, refused);
        Assert.Contains("run --rebuild", errors, StringComparison.Ordinal);

        await using var last = world.Start("run", "--rebuild");
        await last.ReadyAsync(Bound);
        await shop.CloseAsync();
        await Settled.AsyncOf(last, Bound);
        await ReleaseAsync(last, key);
        await Settled.AsyncOf(last, Bound);
        last.Terminate();
        Assert.Equal(0, await last.ExitAsync());

        // Until everything was rebuilt and the source read again nothing could be sent.
        world.Away = last.Elapsed + TimeSpan.FromSeconds(15);
        var report = await world.SoundAsync();
        Assert.All(report.DeadLetters.Keys, reason => Assert.Equal("calculation: changed_key", reason));

        // A directory that is whole is not made anew, and goes on as any.
        var (again, _, why) = await world.CommandAsync("run", "--rebuild");
        Assert.Equal(1, again);
        Assert.Contains("start without --rebuild", why, StringComparison.Ordinal);
        await using var ordinary = world.Run();
        await ordinary.ReadyAsync(Bound);
    }

    /// <summary>What the lost state had called for, and the event log had not heard of, waits for a person.</summary>
    static async Task ReleaseAsync(ServiceProcess service, string key)
    {
        for (var any = true; any;)
        {
            any = false;
            var (_, text) = await service.AskAsync("/api/v1/dead-letters?limit=1000&reason=held:");
            using var list = JsonDocument.Parse(text);
            foreach (var letter in list.RootElement.GetProperty("items").EnumerateArray())
            {
                any = true;
                await service.AskAsync($"/api/v1/dead-letters/{Uri.EscapeDataString(letter.GetProperty("id").GetString()!)}/replay", HttpMethod.Post, key);
            }

            await Settled.AsyncOf(service, Bound);
        }
    }
}
