using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class FirstStartTests(SourceServer server)
{
    const string Orders = """
        insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values
          (1,5,'US','USD',1,'PAID'), (2,5,'US','USD',2,'PAID'), (3,5,'US','USD',3,'PAID'), (4,5,'US','USD',4,'PAID');
        insert into merchants values (5,'Five','KA','US','UTC'), (6,'Six','KA','US','UTC');
        insert into promoters values (9,null,'Ann'), (10,null,'Bob');
        """;

    [Fact]
    public async Task A_transaction_open_across_the_slots_consistent_point_is_not_taken_for_stale()
    {
        SourceServer.Require();
        await using var own = await PrivatePostgres.StartAsync(new() { Durable = false });
        var shop = new SourceDatabase(own.ConnectionString);
        await SourceServer.MakeTablesAsync(shop);
        await shop.ExecuteAsync(Orders);
        await using var a = await OpenTransaction.BeginAsync(shop);
        await using var capture = Capture.Start(shop, new MemoryLog());
        await a.UntilAwaitedAsync(shop);
        await using var b = await OpenTransaction.BeginAsync(shop);
        await a.CommitAsync();
        await b.UntilAwaitedAsync(shop);
        await using var c = await OpenTransaction.BeginAsync(shop);
        await c.ExecuteAsync("update orders set status = 'CANCELLED', gross_amount = 0 where order_id = 1");
        await b.CommitAsync();
        await capture.UntilAsync(() => capture.Records("orders").Count == 4);
        await c.CommitAsync();
        await capture.CatchUpAsync(shop, "committed");

        Assert.Equal(5, capture.Records("orders").Count);
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
    }

    [Fact]
    public async Task What_vanished_after_a_snapshot_that_was_cut_off_is_swept_by_the_next()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        var log = new MemoryLog();
        await CutOffAsync(shop, log);
        await shop.ExecuteAsync("delete from orders where order_id = 1; update orders set order_id = 20 where order_id = 2; update orders set gross_amount = 33 where order_id = 3");
        await shop.ExecuteAsync("delete from merchants where merchant_id = 6; delete from promoters where promoter_id = 10");
        await CutOffAsync(shop, log);
        await shop.ExecuteAsync(Orders[..Orders.IndexOf("(1,", StringComparison.Ordinal)] + "(1,5,'US','USD',11,'PAID'); delete from orders where order_id = 3");

        await using var last = await Capture.StartedAsync(shop, log);

        Assert.Equal(["1 11.0000 0.0000 Paid", "20 2.0000 0.0000 Paid", "4 4.0000 0.0000 Paid"], await OrderStates.InTableAsync(shop));
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(last));
        foreach (var table in new[] { "orders", "merchants", "promoters" })
        {
            // The last attempt's rows come first in their partition, then what says that all others are gone.
            Assert.Equal(4, last.Records(table).GroupBy(record => record.Partition).Count(partition => partition.Last() is { Key: null, Value: { } value } && value.Contains("\"op\":\"t\"", StringComparison.Ordinal)));
            Assert.Equal(4, last.Records(table).Count(record => record.Key is null));
        }
    }

    [Fact]
    public async Task A_snapshot_begun_from_another_server_is_not_gone_on_with()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        var log = new MemoryLog();
        await CutOffAsync(shop, log);

        await using var other = Capture.Start(await server.NewShopAsync(), log);

        var mistake = await Assert.ThrowsAsync<UserMistakeException>(() => other.Running.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("first snapshot of database", mistake.Message, StringComparison.Ordinal);
    }

    /// <summary>A start whose rows are all in the log, but whose last commit does not happen.</summary>
    static async Task CutOffAsync(SourceDatabase shop, MemoryLog log)
    {
        log.BeforeCommit = commit =>
        {
            if (commit.Metadata.Any(entry => CdcOffset.Read(entry.Value).Phase == CdcPhase.Streaming))
            {
                throw new InvalidOperationException("power cut");
            }
        };
        await using (var cut = Capture.Start(shop, log, options => options with { CommitBytes = 1 }))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => cut.Running.WaitAsync(TimeSpan.FromSeconds(60)));
        }

        log.BeforeCommit = null;
    }
}
