using StreamSettle.Connectors.Embedded;
using StreamSettle.Streams.Testing;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A link that breaks in all the ways a link can.</summary>
public sealed class BrokenLinkTests(SourceServer server)
{
    [Theory]
    [InlineData(null)]
    [InlineData(LinkTraffic.Refused)]
    [InlineData(LinkTraffic.Swallowed)]
    [InlineData(LinkTraffic.Stalls)]
    public async Task A_broken_link_is_noticed_and_nothing_is_lost_or_doubled(LinkTraffic? becomes)
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkedShop.LinkTo(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => LinkedShop.Over(link, options));
        for (var round = 1; round <= 2; round++)
        {
            Break(link, becomes);
            await capture.UntilAsync(() => capture.Statuses.OfType<CdcStatus.Disconnected>().Select(lost => lost.Since).Distinct().Count() >= round);
            await shop.ExecuteAsync(LinkedShop.Insert + $"({round},5,'US','USD',1,'PAID')");
            link.Heal();
            await capture.UntilAsync(() => capture.Records("orders").Count == round);
        }

        Assert.Equal(["{\"order_id\":1}", "{\"order_id\":2}"], capture.Records("orders").Select(record => record.Key).Order());
    }

    static void Break(CuttableLink link, LinkTraffic? becomes)
    {
        if (becomes is { } traffic)
        {
            link.Set(traffic);
        }
        else
        {
            link.Cut();
        }
    }
}
