using System.Diagnostics;
using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Testing;
using StreamSettle.Tests.Links;
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

    [Theory]
    [InlineData("begin; select txid_current()", "rollback", "idle in transaction", "pg_terminate_backend(")]
    [InlineData("begin; select txid_current(); prepare transaction 'forgotten'", "rollback prepared 'forgotten'", "the prepared transaction 'forgotten'", "ROLLBACK PREPARED 'forgotten';")]
    public async Task A_transaction_that_the_slot_has_to_wait_for_is_named_with_what_ends_it(string begun, string ended, string who, string remedy)
    {
        SourceServer.Require();
        await using var own = await PrivatePostgres.StartAsync(new() { Durable = false, Settings = new Dictionary<string, string> { ["max_prepared_transactions"] = "2" } });
        var shop = new SourceDatabase(own.ConnectionString);
        await SourceServer.MakeTablesAsync(shop);
        await using var session = await shop.OpenAsync();
        await ExecuteAsync(begun);
        await using var capture = Capture.Start(shop, new MemoryLog());
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Waiting { Reason: var reason }
            && reason.Contains(who, StringComparison.Ordinal) && reason.Contains(remedy, StringComparison.Ordinal));
        await ExecuteAsync(ended);
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Streaming);

        async Task ExecuteAsync(string sql)
        {
            foreach (var statement in sql.Split(';'))
            {
                await using var command = new NpgsqlCommand(statement, session);
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    [Fact]
    public async Task A_blip_after_a_long_time_of_copying_does_not_end_the_start()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        await using var link = CuttableLink.To(new NpgsqlConnectionStringBuilder(shop.ConnectionString).Port);
        var (cuts, began, wait) = (0, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(10));
        Capture? capture = null;
        await using var running = capture = Capture.Start(
            shop, new MemoryLog(),
            options => options with
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Port = link.Port }.ConnectionString, StartupWait = wait,
            },
            async (_, _) =>
            {
                if (cuts++ == 0)
                {
                    await capture!.UntilAsync(() => Stopwatch.GetElapsedTime(began) > wait);
                    link.Cut();
                }
            });
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Streaming);
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
        Assert.True(cuts > 1);
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
