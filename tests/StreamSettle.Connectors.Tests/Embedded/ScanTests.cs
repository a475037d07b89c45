using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Scanning;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>The orders' table is read again beside the capture, in shards, from a real server.</summary>
public sealed class ScanTests(SourceServer server)
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    const string Fill = """
        insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at, invoice)
        select i, 1, 'DE', 'EUR', 100, case when i % 5 = 0 then 'PAID' else 'COMPLETED' end::order_status, case when i % 5 = 0 then null else timestamptz '2026-11-01' + i * interval '1 s' end,
               '{"no": "R"}' from generate_series(1, 20000) i
        """;

    [Fact]
    public async Task Every_row_comes_once_as_a_read_row_at_a_point_before_it_was_read()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Fill);
        var before = await shop.ScalarAsync<long>("select (pg_current_wal_insert_lsn() - '0/0')::bigint");
        var log = Log(shop);
        using var scan = Scan(shop, log);
        await scan.BeginAsync(new("one", "ann", null, null), Never);
        await scan.RunAsync(Never);

        var records = Records(log);
        Assert.Equal(Enumerable.Range(1, 20_000).Select(id => (long)id), records.Select(record => record.Id).Order());
        Assert.All(records, record => Assert.Equal(PositionKind.Scanned, record.Position.Kind));
        var after = await shop.ScalarAsync<long>("select (pg_current_wal_insert_lsn() - '0/0')::bigint");
        Assert.All(records, record => Assert.InRange(record.Position.Commit, before, after));
        Assert.Equal((20_000, 256, 256, true), (scan.State!.Rows, scan.State.Shards.Count, scan.State.ShardsDone, scan.State.Ended is not null));
    }

    [Fact]
    public async Task A_period_takes_the_orders_that_were_completed_in_it()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Fill);
        var log = Log(shop);
        using var scan = Scan(shop, log);
        await scan.BeginAsync(new("period", "ann", UtcInstant.Parse("2026-11-01T00:01:00Z"), UtcInstant.Parse("2026-11-01T00:02:00Z")), Never);
        await scan.RunAsync(Never);
        Assert.Equal(Enumerable.Range(60, 60).Where(id => id % 5 != 0).Select(id => (long)id), Records(log).Select(record => record.Id).Order());
    }

    [Fact]
    public async Task One_that_was_cut_off_goes_on_from_its_cursors()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Fill);
        var log = Log(shop);
        var cut = new CancellationTokenSource();
        using (var scan = new SourceScan(Capture.Options(shop), log, TimeProvider.System) { PageRows = 7, PageTook = _ => CutAfter(log, 5_000, cut) })
        {
            await scan.BeginAsync(new("cut", "ann", null, null), Never);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scan.RunAsync(cut.Token));
            Assert.Null(scan.State!.Ended);
        }

        using var again = Scan(shop, log);
        var had = again.State!.Rows;
        Assert.InRange(had, 5_000, 19_999);
        await again.RunAsync(Never);
        Assert.Equal(20_000, again.State!.Rows);

        // What was committed is not read again: page and cursor are one commit.
        Assert.Equal(Enumerable.Range(1, 20_000).Select(id => (long)id), Records(log).Select(record => record.Id).Order());
    }

    [Fact]
    public async Task A_transaction_that_may_be_committed_before_the_point_is_waited_for()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Fill);
        var log = Log(shop);
        using var scan = Scan(shop, log);
        await using var open = await OpenTransaction.BeginAsync(shop);
        await open.ExecuteAsync("update orders set status = 'CANCELLED' where order_id = 7");
        await scan.BeginAsync(new("waits", "ann", null, null), Never);
        var running = scan.RunAsync(Never);
        var deadline = DateTimeOffset.UtcNow + Bound;
        while (scan.WaitsFor is not { } what || !what.Contains("a transaction of session", StringComparison.Ordinal))
        {
            Assert.True(DateTimeOffset.UtcNow < deadline && !running.IsCompleted, $"it waits for {scan.WaitsFor}");
            await Task.Yield();
        }

        Assert.Empty(Records(log));
        await open.CommitAsync();
        await running.WaitAsync(Bound);
        Assert.Contains("CANCELLED", LogRecord.All(log, "shop.public.orders", 4).Single(record => record.Key == "{\"order_id\":7}").Value!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_table_and_the_ends_of_all_keys_are_read()
    {
        var shop = await server.NewShopAsync();
        var log = Log(shop);
        using var scan = Scan(shop, log);
        await scan.BeginAsync(new("empty", "ann", null, null), Never);
        await scan.RunAsync(Never);
        Assert.NotNull(scan.State!.Ended);

        await shop.ExecuteAsync($"insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at) select id, 1, 'DE', 'EUR', 1, 'COMPLETED', at from (values ({long.MinValue}, timestamptz 'infinity'), ({long.MaxValue}, null), (0, timestamptz '-infinity')) v(id, at)");
        await scan.BeginAsync(new("ends", "ann", null, null), Never);
        await scan.RunAsync(Never);
        Assert.Equal(3, scan.State!.Rows);
    }

    [Fact]
    public void A_state_is_read_as_it_was_written()
    {
        var state = new ScanState(new("id", "ann", new UtcInstant(5), null), new UtcInstant(7), [new(null, 3) { Rows = 9, Cursor = new("2026-11-01 00:00:00+00", -4) }, new(3, null) { IsDone = true }]) { IsStopped = true };
        var read = ScanState.Read(state.ToBytes());
        Assert.Equal((state.Request, state.Started, state.Ended, state.IsStopped), (read.Request, read.Started, read.Ended, read.IsStopped));
        Assert.Equal(state.Shards, read.Shards);
    }

    static void CutAfter(MemoryLog log, int rows, CancellationTokenSource cut)
    {
        // By its ends: to read the log after each page of seven rows would take longer than the scan.
        if (Enumerable.Range(0, 4).Sum(partition => log.EndOffset(new("shop.public.orders", partition))) >= rows)
        {
            cut.Cancel();
        }
    }

    static SourceScan Scan(SourceDatabase shop, MemoryLog log) => new(Capture.Options(shop), log, TimeProvider.System);

    static MemoryLog Log(SourceDatabase shop)
    {
        var log = new MemoryLog();
        log.EnsureTopics([.. StreamSettle.Connectors.Embedded.EmbeddedCdcSource.Topics(Capture.Options(shop))]);
        return log;
    }

    static List<(long Id, ChangePosition Position)> Records(MemoryLog log)
    {
        var serde = new OrderChangeSerde();
        return [.. LogRecord.All(log, "shop.public.orders", 4).Select(record => (serde.Read(record.Bytes).Id.Value, serde.Read(record.Bytes).Position))];
    }
}
