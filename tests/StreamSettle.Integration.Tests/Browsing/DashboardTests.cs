using System.Globalization;
using System.Text.RegularExpressions;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Browsing;

public class DashboardTests(TestPostgres postgres)
{
    const int Orders = 120;

    [Fact]
    public async Task The_dashboard_shows_the_numbers_of_the_running_service()
    {
        Chromium.Require();
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
        var settled = await Settled.AsyncOf(service, TimeSpan.FromSeconds(60));

        var page = await Chromium.DomAsync(service.Url!, TimeSpan.FromSeconds(4));

        Assert.Equal("settling", Shown(page, "ready"));
        Assert.Equal(Orders, Number(page, "completed"));
        Assert.Equal(Orders, Number(page, "calculated"));
        Assert.Equal(0, Number(page, "scheduled"));
        Assert.Equal(settled.Audit.Events, Number(page, "events"));
        Assert.Equal(settled.Source.Changes, Number(page, "changes"));
        foreach (var system in settled.Downstreams)
        {
            Assert.Contains($"<td>{system.Leg}</td>", page, StringComparison.Ordinal);
        }
    }

    static string Shown(string page, string id) => Regex.Match(page, $"id=\"{id}\"[^>]*>([^<]*)<").Groups[1].Value;

    static long Number(string page, string id) =>
        long.TryParse(Shown(page, id), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : throw new Xunit.Sdk.XunitException($"{id} shows '{Shown(page, id)}':\n{page}");
}
