using System.Text.Json;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Integration.Tests.Kills;
using StreamSettle.Schemas.Messages;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary><c>Formats:Internal</c> of the real program, whose processes are killed while records of either form are on their way.</summary>
public class FormatsTests(TestPostgres postgres)
{
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_form_of_records_may_change_with_every_start_and_every_invariant_holds()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(2));
        (world.Silence, world.Away) = (TimeSpan.FromSeconds(2), Bound);
        // It sells as long as there are lives to come, however long each of them takes to begin; so the first start meets orders whose mark has passed.
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        var shop = new EndlessShop(world, world.Shop(60, perSecond: 15));
        shop.Open();
        var calculated = 0L;
        foreach (var format in new[] { "Avro", "Binary", "Avro" })
        {
            world.Settings["Formats:Internal"] = format;
            await using var service = world.Run();
            await service.ReadyAsync(Bound);
            var before = calculated;
            await Until.TrueAsync(async () => (calculated = (await service.StatusAsync())?.Flow.Calculated ?? calculated) > before + 10, "orders are settled", Bound, () => service.Tail);
            service.Kill();
            await service.ExitAsync();
        }

        // What is lost of this release's schemas follows from their texts.
        var file = Path.Combine(world.StateDirectory, KeptSchemas.FileName);
        var kept = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        using var schemas = JsonDocument.Parse(kept);
        Assert.Equal(MessageSchema.All.Select(message => message.LocalId), schemas.RootElement.GetProperty("schemas").EnumerateArray().Select(one => one.GetProperty("id").GetInt32()));
        File.Delete(file);
        await using var last = world.Run();
        await last.ReadyAsync(Bound);
        await shop.CloseAsync();
        await Settled.AsyncOf(last, Bound);
        last.Terminate();
        Assert.Equal(0, await last.ExitAsync());
        Assert.Equal(kept, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await world.SoundAsync();
    }
}
