using System.Diagnostics;
using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Streaming;
using StreamSettle.Streams.Testing;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A link that breaks in all the ways a link can.</summary>
public sealed class LinkTests(SourceServer server)
{
    const string Insert = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ";

    static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>A run has 30 s to end in, and the source is not all of it.</summary>
    static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(15);

    static CuttableLink LinkTo(SourceDatabase shop) => CuttableLink.To(new NpgsqlConnectionStringBuilder(shop.ConnectionString).Port);

    static EmbeddedCdcOptions Over(CuttableLink link, EmbeddedCdcOptions options) => options with
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Port = link.Port }.ConnectionString, Silence = Silence,
    };

    [Theory]
    [InlineData(null)]
    [InlineData(LinkTraffic.Refused)]
    [InlineData(LinkTraffic.Swallowed)]
    [InlineData(LinkTraffic.Stalls)]
    public async Task A_broken_link_is_noticed_and_nothing_is_lost_or_doubled(LinkTraffic? becomes)
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkTo(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => Over(link, options));
        for (var round = 1; round <= 2; round++)
        {
            Break(link, becomes);
            await capture.UntilAsync(() => capture.Statuses.OfType<CdcStatus.Disconnected>().Select(lost => lost.Since).Distinct().Count() >= round);
            await shop.ExecuteAsync(Insert + $"({round},5,'US','USD',1,'PAID')");
            link.Heal();
            await capture.UntilAsync(() => capture.Records("orders").Count == round);
        }

        Assert.Equal(["{\"order_id\":1}", "{\"order_id\":2}"], capture.Records("orders").Select(record => record.Key).Order());
    }

    [Fact]
    public async Task What_stood_in_the_source_when_a_mark_was_written_is_in_the_log_when_it_is_told()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkTo(shop);
        link.Delay = TimeSpan.FromMilliseconds(50);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => Over(link, options));
        await ProvesAsync(shop, capture);
    }

    [Fact]
    public async Task Where_marks_may_not_be_written_the_servers_position_says_the_same()
    {
        var shop = await server.NewShopAsync();
        var reader = new NpgsqlConnectionStringBuilder(shop.ConnectionString).Database + "_reader";
        await shop.ExecuteAsync($"""
            create publication streamsettle for table orders, merchants, promoters;
            revoke execute on function pg_logical_emit_message(boolean, text, text) from public;
            create role {reader} login replication password 'r';
            grant select on orders, merchants, promoters to {reader};
            """);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => options with
        {
            Silence = Silence,
            ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = reader, Password = "r" }.ConnectionString,
        });
        await ProvesAsync(shop, capture);
    }

    [Fact]
    public async Task While_a_link_swallows_everything_nothing_is_told_to_be_read()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkTo(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => Over(link, options));
        link.Set(LinkTraffic.Swallowed);
        var swallowing = Stopwatch.GetTimestamp();
        await capture.UntilAsync(() => Stopwatch.GetElapsedTime(swallowing) > Silence * 5);
        Assert.DoesNotContain(capture.ReadPoints(), point => point.At > swallowing);
        link.Heal();
        await capture.UntilAsync(() => capture.ReadPoints().Any(point => point.At > swallowing));
    }

    /// <summary>The first attempt waits nine seconds for the stream, the second eighteen.</summary>
    [Fact]
    public async Task A_server_that_is_silent_over_a_large_transaction_is_given_longer_each_time()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkTo(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => Over(link, options) with { Silence = TimeSpan.FromSeconds(3) });
        link.ChangesLinger = TimeSpan.FromSeconds(15);
        link.Cut();
        await shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
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

    [Fact]
    public async Task A_lost_connection_is_made_anew_although_Npgsql_is_to_keep_it_alive()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(
            shop, new MemoryLog(), options => options with { ConnectionString = options.ConnectionString + ";Keepalive=1", Silence = TimeSpan.FromSeconds(20) });
        await shop.ExecuteAsync("""
            select pg_terminate_backend(pid) from pg_stat_activity
             where application_name like 'streamsettle-cdc-%' and backend_type = 'client backend' and datname = current_database()
            """);
        var lost = Stopwatch.GetTimestamp();
        await capture.UntilAsync(() => capture.Statuses.Any(status => status is CdcStatus.Disconnected));
        await capture.UntilAsync(() => capture.ReadPoints().Any(point => point.At > lost));
    }

    [Fact]
    public async Task A_capture_ends_soon_although_the_link_swallows_everything()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkTo(shop);
        var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => Over(link, options) with { Silence = TimeSpan.FromSeconds(10) });
        link.Set(LinkTraffic.Swallowed);
        var stopping = Stopwatch.StartNew();
        await capture.DisposeAsync();
        Assert.True(stopping.Elapsed < StopsWithin, $"it took {stopping.Elapsed}");
        Assert.True(capture.Running.IsCompletedSuccessfully);
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

    /// <summary>What was committed before an instant is in the log when a later one is told to be read.</summary>
    static async Task ProvesAsync(SourceDatabase shop, Capture capture)
    {
        for (var id = 1; id <= 5; id++)
        {
            await shop.ExecuteAsync(Insert + $"({id},5,'US','USD',1,'PAID')");
            var committed = Stopwatch.GetTimestamp();
            await capture.UntilAsync(() => capture.ReadPoints().Any(point => point.At > committed));
            Assert.True(capture.ReadPoints().First(point => point.At > committed).Orders >= id);
        }
    }
}
