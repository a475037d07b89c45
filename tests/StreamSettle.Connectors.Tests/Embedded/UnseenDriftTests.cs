using StreamSettle.Connectors.Embedded;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class UnseenDriftTests(SourceServer server)
{
    const string Anew = """
        drop table if exists old_orders; delete from orders;
        insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,refunded_amount,status) select i,5,'US','USD',100,0,'COMPLETED' from generate_series(1,3) i
        """;

    [Fact]
    public async Task Whatever_was_broken_and_mended_while_nobody_looked_is_read_again_at_the_next_start()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        foreach (var (broken, meanwhile, mended) in DriftTests.Drifts.Select(drift => drift.Data))
        {
            await shop.ExecuteAsync(Anew);
            await using (var before = await Capture.StartedAsync(shop, log))
            {
                Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(before));
            }

            await shop.ExecuteAsync(broken);
            await shop.ExecuteAsync(meanwhile);
            await shop.ExecuteAsync(mended);
            await using var after = await Capture.StartedAsync(shop, log);
            Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(after));
        }
    }

    /// <summary>What the catalog then shows is what it showed before; a publication of all that there is has no row for the table.</summary>
    [Theory]
    [InlineData("for all tables", "alter table orders set unlogged", "update orders set status = 'CANCELLED' where order_id = 1", "alter table orders set logged")]
    [InlineData("for tables in schema public", "alter table orders set unlogged", "delete from orders where order_id = 1", "alter table orders set logged")]
    [InlineData("for tables in schema public", "create schema other; alter table orders set schema other", "update other.orders set status = 'CANCELLED'", "alter table other.orders set schema public")]
    [InlineData(
        "for all tables with (publish_via_partition_root)",
        "create table whole (like orders) partition by list (merchant_id); alter table orders add check (merchant_id = 5); alter table whole attach partition orders for values in (5)",
        "update orders set status = 'CANCELLED'", "alter table whole detach partition orders; drop table whole")]
    [InlineData(
        "for all tables",
        "alter type order_status rename value 'COMPLETED' to 'DONE'", "update orders set refunded_amount = 60", "alter type order_status rename value 'DONE' to 'COMPLETED'")]
    public async Task What_changed_while_a_table_was_not_published_with_all_the_others_is_read_again(string publication, string broken, string meanwhile, string mended)
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync($"create domain state as order_status; alter table orders alter status type state; create publication streamsettle {publication}");
        await shop.ExecuteAsync(Anew);
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await shop.ExecuteAsync(broken);
        await shop.ExecuteAsync(meanwhile);
        await shop.ExecuteAsync(mended);
        await using var after = await Capture.StartedAsync(shop, log);
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(after));
        Assert.Contains(after.Statuses, status => status is CdcStatus.Snapshotting);
    }
}
