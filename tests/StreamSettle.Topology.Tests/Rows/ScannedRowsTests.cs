using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>A scan brings rows that the capture never delivered. It says something of each row by itself, and nothing of the table: no change that is newer is overtaken.</summary>
public sealed class ScannedRowsTests : IDisposable
{
    readonly TestBench bench = new();

    public void Dispose() => bench.Dispose();

    static ShopOrder Order(long id = 42) => new(id);

    [Fact]
    public void An_order_that_was_never_delivered_is_scheduled_and_settled()
    {
        bench.Scan(Order());
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.PassMark();
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        FoldCheck.Check(bench);
    }

    [Fact]
    public void Changes_that_were_never_delivered_count_as_the_row_has_them()
    {
        bench.Put(Order(1));
        bench.Put(Order(2));
        bench.Put(Order(3));
        bench.Scan(Order(1) with { Status = OrderStatus.Cancelled });
        bench.Scan(Order(2) with { Gross = "238.0000" });
        bench.Scan(Order(3));
        bench.PassMark();
        Assert.Equal("status_cancelled", bench.Only<SettlementCancelled>(1).Reason);
        Assert.Equal(23_800, bench.Only<SettlementCalculated>(2).Gross);
        Assert.DoesNotContain("SettlementRescheduled", bench.Told(3));

        bench.Scan(Order(3) with { Refunded = "19.0000" }, point: bench.LastLsn + 50);
        bench.Read();
        bench.Advance(TestBench.Settling);
        Assert.Equal("ReversalCompleted", bench.Told(3)[^1]);
    }

    /// <summary>Whoever scans each night would find every refused order among the new dead letters of the morning.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refused_order_whose_row_stands_as_it_did_is_not_tried_anew(bool scanned)
    {
        bench.Put(Order(1) with { Currency = "ABC" });
        bench.Put(Order(2) with { CompletedAt = null });
        bench.Put(Order(3) with { Merchant = 999 });
        bench.PassMark();
        long[] ids = [1, 2, 3];
        var (told, since) = (ids.Select(id => bench.Told(id).Length).ToArray(), ids.Select(id => bench.DeadLetter($"{id}:calculation:0")!.Since).ToArray());

        bench.PutMerchant(999);
        Again(50, Order(1) with { Currency = "ABC" });
        Again(50, Order(2) with { CompletedAt = null });
        Again(50, Order(3) with { Merchant = 999 });
        bench.Read();
        bench.Advance(TestBench.Settling);
        Assert.Equal(told, ids.Select(id => bench.Told(id).Length));
        Assert.Equal(since, ids.Select(id => bench.DeadLetter($"{id}:calculation:0")!.Since));

        // What was altered while nobody delivered it does count.
        Again(100, Order(1));
        Again(100, Order(2));
        bench.Replay("3:calculation:0");
        bench.Read();
        bench.Advance(TestBench.Settling);
        Assert.All(ids, id => Assert.Equal("SettlementCompleted", bench.Told(id)[^1]));

        void Again(int behind, ShopOrder order)
        {
            if (scanned)
            {
                bench.Scan(order, bench.LastLsn + behind);
            }
            else
            {
                bench.Put(order, position: bench.LastLsn + behind, streamed: false);
            }
        }
    }

    [Fact]
    public void A_row_from_before_a_change_that_is_known_overtakes_nothing()
    {
        var before = bench.LastLsn;
        bench.Put(Order() with { Status = OrderStatus.Cancelled }, position: before + 10);
        bench.Scan(Order(), point: before + 5);
        bench.PassMark();
        Assert.Empty(bench.Events(42));
    }

    [Fact]
    public void A_change_from_behind_the_point_counts_and_one_from_before_it_is_old()
    {
        var point = bench.LastLsn + 100;
        bench.Scan(Order(1), point);
        bench.Scan(Order(2), point);
        bench.Put(Order(1) with { Status = OrderStatus.Cancelled }, position: point - 50, commit: point - 40);

        // It began before the point and was committed behind it.
        bench.Put(Order(2) with { Status = OrderStatus.Cancelled }, position: point - 50, commit: point);
        bench.PassMark();
        Assert.Equal("SettlementCompleted", bench.Told(1)[^1]);
        Assert.Equal("status_cancelled", bench.Only<SettlementCancelled>(2).Reason);
    }

    [Fact]
    public void It_is_no_reading_of_the_whole_table_so_other_orders_transactions_go_on()
    {
        bench.PutWhole(Order());
        bench.PassMark();
        var by = new SourceTransaction(bench.Now, 7);
        bench.Put(Order() with { Refunded = "19.0000" }, by: by);
        bench.Scan(Order(43));
        bench.Put(Order() with { Refunded = "5.0000" }, by: by);
        bench.Read();
        bench.Advance(TestBench.Settling);
        Assert.Equal(500, bench.Only<ReversalRequested>(42).Refunded);
    }

    [Fact]
    public void It_ends_a_transaction_of_its_own_order_of_which_half_was_told()
    {
        bench.PutWhole(Order());
        bench.PassMark();
        var (by, lsn) = (new SourceTransaction(bench.Now, 7), bench.LastLsn);
        bench.Put(Order() with { Refunded = "19.0000" }, position: lsn + 1, commit: lsn + 5, by: by);
        bench.Scan(Order(), point: lsn + 50);
        bench.Put(Order(), position: lsn + 2, commit: lsn + 5, by: by);
        bench.Read();
        bench.Advance(TestBench.Settling);
        Assert.DoesNotContain("ReversalRequested", bench.Told(42));
    }

    [Fact]
    public void No_order_is_taken_for_gone_and_one_that_was_forgotten_says_nothing()
    {
        bench.Put(Order(1));
        bench.Put(Order(2));
        bench.PassMark();
        bench.Scan(Order(1));
        bench.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, FoldCheck.Check(bench));

        bench.Time.Advance(bench.Settings.Retention + TestBench.Day);
        bench.Restart();
        bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, FoldCheck.Check(bench, again: true));
        var told = bench.Told(1);
        bench.Scan(Order(1), point: bench.LastLsn + 500);
        bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(told, bench.Told(1));
    }
}
