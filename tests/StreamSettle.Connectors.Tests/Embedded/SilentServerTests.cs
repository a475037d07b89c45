using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Streaming;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A server that says nothing while it decodes a large transaction.</summary>
public sealed class SilentServerTests(SourceServer server)
{
    /// <summary>The first attempt waits nine seconds for the stream, the second eighteen.</summary>
    [Fact]
    public async Task A_server_that_is_silent_over_a_large_transaction_is_given_longer_each_time()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkedShop.LinkTo(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => LinkedShop.Over(link, options) with { Silence = TimeSpan.FromSeconds(3) });
        link.ChangesLinger = TimeSpan.FromSeconds(15);
        link.Cut();
        await shop.ExecuteAsync(LinkedShop.Insert + "(1,5,'US','USD',1,'PAID')");
        await capture.UntilAsync(() => capture.Records("orders").Count == 1);
        Assert.Contains(capture.Statuses, status => status is CdcStatus.Disconnected { Reason: var reason } && reason.Contains("large transaction", StringComparison.Ordinal));
    }

    [Fact]
    public void Patience_with_the_stream_doubles_up_to_half_an_hour_and_begins_anew_when_it_comes_on()
    {
        var patience = new StreamPatience(TimeSpan.FromSeconds(30));
        TimeSpan[] waits = [.. Enumerable.Range(0, 8).Select(_ => Waited())];
        Assert.Equal([30, 60, 120, 240, 480, 960, 1800, 1800], waits.Select(wait => wait.TotalSeconds));
        patience.Reset();
        Assert.Equal(TimeSpan.FromSeconds(30), patience.Now);

        TimeSpan Waited()
        {
            var now = patience.Now;
            patience.Double();
            return now;
        }
    }
}
