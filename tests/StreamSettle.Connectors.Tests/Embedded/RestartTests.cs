using System.Globalization;
using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class RestartTests(SourceServer server)
{
    const string Insert = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values ";

    [Fact]
    public async Task A_restart_goes_on_where_the_log_is_and_repeats_nothing()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (var first = await Capture.StartedAsync(shop, log))
        {
            await shop.ExecuteAsync(Insert + "(1,5,'US','USD',1,'PAID')");
            await first.UntilAsync(() => first.Records("orders").Count == 1);
        }

        await shop.ExecuteAsync(Insert + "(2,5,'US','USD',1,'PAID')");
        await using var second = await Capture.StartedAsync(shop, log);

        Assert.Equal(["{\"order_id\":1}", "{\"order_id\":2}"], second.Records("orders").Select(record => record.Key).Order());
    }

    [Fact]
    public async Task Snapshot_and_stream_leave_no_gap_and_no_wrong_last_state_while_the_shop_sells()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) select i,1,'US','USD',i,'PAID' from generate_series(1,3000) i");
        var sellers = Enumerable.Range(0, 3).Select(seed => SellAsync(shop, seed, 400)).ToList();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => options with { CommitBytes = 50_000 });
        await Task.WhenAll(sellers);
        await capture.CatchUpAsync(shop, "sold");

        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
    }

    [Fact]
    public async Task An_aborted_commit_is_read_again_and_nothing_is_lost_or_doubled()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using var capture = await Capture.StartedAsync(shop, log);
        var aborts = 3;
        log.BeforeCommit = commit =>
        {
            if (commit.Outputs.Count > 0 && aborts-- > 0)
            {
                throw new TransactionAbortedException("planted");
            }
        };
        for (var i = 1; i <= 20; i++)
        {
            await shop.ExecuteAsync(Insert + $"({i},5,'US','USD',1,'PAID')");
        }

        await capture.CatchUpAsync(shop, "again");

        Assert.True(aborts <= 0);
        Assert.Equal(20, capture.Records("orders").Count);
        Assert.Equal(20, capture.Records("orders").Select(record => record.Key).Distinct().Count());
    }

    [Fact]
    public async Task The_slot_is_acknowledged_only_up_to_what_the_log_has()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using var capture = await Capture.StartedAsync(shop, log);
        using var blocked = new ManualResetEventSlim();
        log.BeforeCommit = commit => { if (commit.Outputs.Count > 0) { blocked.Wait(TimeSpan.FromSeconds(30)); } };
        await shop.ExecuteAsync("set synchronous_commit = on; " + Insert + "(1,5,'US','USD',1,'PAID')");
        var committedAt = await shop.ScalarAsync<string>("select pg_current_wal_lsn()::text");
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Streaming { LagBytes: > 0 });

        Assert.False(await IsConfirmedAsync(shop, committedAt));
        blocked.Set();
        await UntilAsync(() => IsConfirmedAsync(shop, committedAt));
        Assert.Single(capture.Records("orders"));
    }

    [Fact]
    public async Task An_idle_source_moves_its_slot_on_while_others_write()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("create table other (id int)");
        var log = new MemoryLog();
        await using (var capture = await Capture.StartedAsync(shop, log))
        {
            await shop.ExecuteAsync("insert into other select generate_series(1,1000)");
            var position = await shop.ScalarAsync<string>("select pg_current_wal_lsn()::text");
            await UntilAsync(() => IsConfirmedAsync(shop, position));
        }

        // What was acknowledged stands in the log as well, so the next start finds no contradiction.
        await using var again = await Capture.StartedAsync(shop, log);
        Assert.Empty(again.Records("orders"));
    }

    [Fact]
    public async Task A_database_that_crashes_under_load_is_waited_for_and_nothing_is_lost()
    {
        SourceServer.Require();
        await using var own = await PrivatePostgres.StartAsync(new() { Settings = new Dictionary<string, string> { ["synchronous_commit"] = "on" } });
        var shop = new SourceDatabase(own.ConnectionString);
        await SourceServer.MakeTablesAsync(shop);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        for (var round = 0; round < 2; round++)
        {
            var seller = SellAsync(shop, round, 2_000);
            await capture.UntilAsync(() => capture.Records("orders").Count > 50 * (round + 1));
            await own.StopAsync(crash: round == 0);
            await Assert.ThrowsAnyAsync<Exception>(() => seller);
            await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Disconnected);
            await own.StartAgainAsync();
        }

        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Streaming);
        await capture.CatchUpAsync(shop, "back");
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
        Assert.False(capture.Running.IsCompleted);
    }

    /// <summary>Inserts, updates and deletes orders of its own and of others.</summary>
    static async Task SellAsync(SourceDatabase shop, int seed, int steps)
    {
        var random = new Random(seed);
        await using var connection = await shop.OpenAsync();
        for (var i = 0; i < steps; i++)
        {
            var any = random.Next(1, 3000);
            var sql = random.Next(4) switch
            {
                0 => Insert + string.Create(CultureInfo.InvariantCulture, $"({10_000 + seed * 100_000 + i},5,'US','USD',{i},'PAID')"),
                1 => $"delete from orders where order_id = {any}",
                2 => $"update orders set order_id = {1_000_000 + seed * 100_000 + i} where order_id = {any}",
                _ => $"update orders set gross_amount = gross_amount + 1 where order_id in (select order_id from orders order by order_id limit 3 offset {random.Next(200)})",
            };
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    static Task<bool> IsConfirmedAsync(SourceDatabase shop, string position) =>
        shop.ScalarAsync<bool>($"select bool_and(confirmed_flush_lsn >= '{position}') from pg_replication_slots where database = current_database()");

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(30);
        while (!await condition())
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, "not within 30 s");
        }
    }
}
