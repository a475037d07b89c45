using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class StateDirectoryTests(TestPostgres postgres)
{
    [Fact]
    public async Task One_owner_at_a_time_one_version_one_shop()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await using (var owner = world.Run())
        {
            await owner.ReadyAsync();
            await RefusedStart.OfAsync(world, RefusedStart.Mistake, world.StateDirectory, $"process {owner.Id}", "StateDirectory");
            await world.SellAsync(world.Shop(20) with { Fates = FateShares.None });
            await Settled.AsyncOf(owner, TimeSpan.FromSeconds(60));
            owner.Terminate();
            Assert.Equal(0, await owner.ExitAsync());
        }

        await OtherShopAsync(world);
        await OtherVersionAsync(world);
        await OtherNamesAsync(world);
        await LostAsync(world);
        await using var again = world.Run();
        await again.ReadyAsync();
    }

    async Task OtherShopAsync(World world)
    {
        await using var other = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        other.Settings["StateDirectory"] = world.StateDirectory;
        await RefusedStart.OfAsync(other, RefusedStart.Mistake, "Source:");
        Assert.Equal(0, await other.SlotsAsync());
    }

    static async Task OtherVersionAsync(World world)
    {
        var format = Path.Combine(world.StateDirectory, "FORMAT");
        var ours = await File.ReadAllTextAsync(format);
        await File.WriteAllTextAsync(format, "streamsettle-state 99\n");
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, world.StateDirectory, "version 99", "version 1");
        await File.WriteAllTextAsync(format, ours);
    }

    static async Task OtherNamesAsync(World world)
    {
        world.Settings["ApplicationId"] = "another";
        world.Settings["Source:Topic"] = "boutique";
        string[] said = ["ApplicationId is 'another'", "begun with 'streamsettle'", "Source:Topic is 'boutique'", "begun with 'shop'"];
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, said);
        var (code, output, _) = await world.CommandAsync("check");
        Assert.True(code == 1 && said.All(part => output.Contains(part, StringComparison.Ordinal)), output);
        world.Settings.Remove("ApplicationId");
        world.Settings.Remove("Source:Topic");
    }

    static async Task LostAsync(World world)
    {
        var kept = world.StateDirectory + "-kept";
        Directory.Move(world.StateDirectory, kept);
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "StateDirectory", world.StateDirectory, "event log", "Audit:Schema");
        Assert.False(Directory.Exists(world.StateDirectory));

        // A directory that lived with another event log, beside this one.
        world.Settings["Audit:Schema"] = "elsewhere";
        world.Settings["Source:SlotName"] += "_2";
        world.Settings["Source:CompletedSince"] = "2030-01-01T00:00:00Z";
        await using (var elsewhere = world.Run())
        {
            await elsewhere.ReadyAsync();
            elsewhere.Terminate();
            Assert.Equal(0, await elsewhere.ExitAsync());
        }

        world.Settings.Remove("Audit:Schema");
        await RefusedStart.OfAsync(world, RefusedStart.Mistake, "event log", "identity", "StateDirectory");
        world.Settings.Remove("Source:CompletedSince");
        world.Settings["Source:SlotName"] = world.Settings["Source:SlotName"][..^2];
        Directory.Delete(world.StateDirectory, recursive: true);
        Directory.Move(kept, world.StateDirectory);
    }
}
