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
}
