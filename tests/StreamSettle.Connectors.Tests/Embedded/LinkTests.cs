using System.Diagnostics;
using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Streams.Testing;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>What is told of the source over a link that is slow, swallows, or was lost. <see cref="BrokenLinkTests"/> and <see cref="SilentServerTests"/> wait for most of their time, so they run beside these.</summary>
public sealed class LinkTests(SourceServer server)
{
    /// <summary>A run has 30 s to end in, and the source is not all of it.</summary>
    static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task What_stood_in_the_source_when_a_mark_was_written_is_in_the_log_when_it_is_told()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkedShop.LinkTo(shop);
        link.Delay = TimeSpan.FromMilliseconds(50);
        // A connection takes a dozen ways there and back, for which a busy machine needs more than the least silence: each one that is given up is begun anew.
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => LinkedShop.Over(link, options) with { Silence = TimeSpan.FromSeconds(5) });
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
            Silence = LinkedShop.Silence,
            ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = reader, Password = "r" }.ConnectionString,
        });
        await ProvesAsync(shop, capture);
    }

    [Fact]
    public async Task While_a_link_swallows_everything_nothing_is_told_to_be_read()
    {
        var shop = await server.NewShopAsync();
        await using var link = LinkedShop.LinkTo(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => LinkedShop.Over(link, options));
        link.Set(LinkTraffic.Swallowed);
        var swallowing = Stopwatch.GetTimestamp();
        await capture.UntilAsync(() => Stopwatch.GetElapsedTime(swallowing) > LinkedShop.Silence * 5);
        Assert.DoesNotContain(capture.ReadPoints(), point => point.At > swallowing);
        link.Heal();
        await capture.UntilAsync(() => capture.ReadPoints().Any(point => point.At > swallowing));
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
        await using var link = LinkedShop.LinkTo(shop);
        var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => LinkedShop.Over(link, options) with { Silence = TimeSpan.FromSeconds(10) });
        link.Set(LinkTraffic.Swallowed);
        var stopping = Stopwatch.StartNew();
        await capture.DisposeAsync();
        Assert.True(stopping.Elapsed < StopsWithin, $"it took {stopping.Elapsed}");
        Assert.True(capture.Running.IsCompletedSuccessfully);
    }

    /// <summary>What was committed before an instant is in the log when a later one is told to be read.</summary>
    static async Task ProvesAsync(SourceDatabase shop, Capture capture)
    {
        for (var id = 1; id <= 5; id++)
        {
            await shop.ExecuteAsync(LinkedShop.Insert + $"({id},5,'US','USD',1,'PAID')");
            var committed = Stopwatch.GetTimestamp();
            await capture.UntilAsync(() => capture.ReadPoints().Any(point => point.At > committed));
            Assert.True(capture.ReadPoints().First(point => point.At > committed).Orders >= id);
        }
    }
}
