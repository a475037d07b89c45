using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>A table is emptied, or read anew: what stands below that point and did not come again is gone, however many rows it was.</summary>
public sealed class SweptRowsTests : IDisposable
{
    const int Many = 100;
    const int Chunk = 10;
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly ShopOrder order = new(42);
    TestBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void An_order_that_waits_is_cancelled_by_the_sweep_and_never_fires()
    {
        bench.Put(order);
        bench.Put(order with { Id = 43, Status = OrderStatus.Paid });
        var sweep = bench.SweepOrders();
        bench.PassMark();

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Equal((CancelReasons.Deleted, sweep.ToString()), (bench.Only<SettlementCancelled>(42).Reason, bench.Only<SettlementCancelled>(42).Cause));
        Assert.Empty(bench.Told(43));
        Assert.Empty(bench.Calls());
    }

    [Fact]
    public void A_row_that_is_written_anew_in_the_same_transaction_is_scheduled_again()
    {
        bench.Put(order);
        bench.SweepOrders(ChangePosition.Streamed(commit: 2_000, lsn: 1_900), run: false);
        bench.Put(order with { Gross = "238.0000" }, position: 1_910, commit: 2_000);
        bench.PassMark();

        Assert.Equal(["SettlementScheduled", "SettlementCancelled", "SettlementScheduled"], bench.Told(42)[..3]);
        Assert.Equal(23_800, bench.Only<SettlementCalculated>(42).Gross);
    }

    [Fact]
    public void A_sweep_reads_no_more_rows_at_a_time_than_it_may_and_goes_on_after_a_crash()
    {
        ManyOrders(completedAt: TestBench.Start);
        bench.SweepOrders();
        bench.Advance(Minute);
        Assert.Equal(Chunk, Cancelled());
        bench.Advance(2 * Minute);
        Assert.Equal(3 * Chunk, Cancelled());

        bench.Restart();
        bench.Advance(2 * Minute);
        Assert.Equal(5 * Chunk, Cancelled());
        bench.Advance(20 * Minute);
        Assert.Equal(Many, Cancelled());
        Assert.All(Enumerable.Range(1, Many), id => Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(id)));
    }

    [Fact]
    public void An_order_whose_mark_passes_before_the_walk_has_come_to_it_does_not_fire()
    {
        ManyOrders(completedAt: TestBench.Start - TestBench.Day + 2 * Minute);
        bench.SweepOrders();
        bench.Advance(20 * Minute);

        Assert.Equal(Many, Cancelled());
        Assert.All(Enumerable.Range(1, Many), id => Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(id)));
    }

    [Fact]
    public void An_order_that_settle_has_is_not_calculated_before_the_walk_has_come_to_it()
    {
        const int last = Many + 1;
        ManyOrders(completedAt: TestBench.Start);
        bench.Put(order with { Id = last, CompletedAt = TestBench.Start - TestBench.Day + Minute });
        bench.Advance(Minute);
        Assert.Equal(["SettlementScheduled", "SettlementDue"], bench.Told(last));

        // Nothing is calculated until the source was read anew: its table was emptied meanwhile.
        bench.Gate.SourceStands(new(ClosedBy.SourceLost, "cut"));
        bench.Gate.SourceStands(null);
        bench.Driver.AdvanceTime(Minute);
        bench.SweepOrders(run: false);
        bench.OpenGate();
        bench.Advance(20 * Minute);

        Assert.Equal(["SettlementScheduled", "SettlementDue", "SettlementCancelled"], bench.Told(last));
        Assert.Empty(bench.Calls());
    }

    [Fact]
    public void A_change_that_comes_before_the_walk_finds_its_order_gone_and_is_ordinary()
    {
        ManyOrders(completedAt: TestBench.Start);
        bench.SweepOrders();
        bench.Put(order with { Id = Many, Status = OrderStatus.Shipped });
        bench.Put(order with { Id = Many - 1 });
        bench.Advance(20 * Minute);

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(Many));
        Assert.Equal(["SettlementScheduled", "SettlementCancelled", "SettlementScheduled"], bench.Told(Many - 1));
    }

    [Fact]
    public void What_stood_before_the_sweep_and_is_repeated_after_it_brings_nothing_back()
    {
        var position = bench.Put(order);
        bench.SweepOrders();
        bench.Put(order, position: position);
        bench.Put(order with { Id = 43 }, position: position);
        bench.PassMark();

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Empty(bench.Told(43));
    }

    [Fact]
    public void A_sweep_that_is_repeated_takes_nothing_that_came_after_it()
    {
        var sweep = bench.SweepOrders();
        bench.Put(order);
        bench.SweepOrders(sweep);
        bench.SweepOrders(ChangePosition.Streamed(500, 500));
        bench.PassMark();

        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void Rows_of_a_snapshot_stay_and_older_ones_go_with_the_sweep_behind_them()
    {
        bench.Put(order, position: 2_000, streamed: false);
        bench.Put(order with { Id = 43 }, position: 2_000, streamed: false);
        bench.Put(order with { Id = 44 }, position: 3_100, commit: 3_500);
        bench.Put(order with { Id = 43 }, position: 3_400, streamed: false);
        bench.SweepOrders(ChangePosition.Snapshot(3_400));
        bench.Put(order with { Id = 45 }, position: 3_200, commit: 3_400);
        bench.PassMark();

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.All([43L, 44L, 45L], id => Assert.Equal(4, bench.Sent(id).Length));
    }

    [Fact]
    public void Rows_without_a_position_go_when_they_came_before_the_sweep_and_stay_when_after()
    {
        bench.Put(order, hasPosition: false);
        bench.SweepOrders();
        bench.Put(order with { Id = 43 }, hasPosition: false);
        bench.PassMark();

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Equal(4, bench.Sent(43).Length);
    }

    [Fact]
    public void After_the_calculation_nothing_moves_and_a_refund_of_the_row_that_came_again_is_reversed()
    {
        bench.Put(order);
        bench.PassMark();
        bench.SweepOrders();
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
        Assert.Empty(bench.Events(42).OfType<SettlementCancelled>());

        bench.PutWhole(order with { Refunded = "10.0000" });
        Assert.Single(bench.Events(42).OfType<ReversalRequested>());
    }

    [Fact]
    public void A_refused_order_is_cancelled_and_its_dead_letter_goes()
    {
        bench.Put(order with { CompletedAt = null });
        Assert.NotNull(bench.DeadLetter("42:calculation:0"));
        bench.SweepOrders();
        bench.Advance(Minute);

        Assert.Equal(CancelReasons.Deleted, bench.Only<SettlementCancelled>(42).Reason);
        Assert.Null(bench.DeadLetter("42:calculation:0"));
    }

    [Fact]
    public void Merchants_and_promoters_go_when_every_partition_was_swept_and_come_again_with_newer_rows()
    {
        bench.Put(order with { Promoter = 9001 });
        bench.Put(order with { Id = 43, CompletedAt = TestBench.Start + Minute });
        bench.SweepMerchantsAndPromoters(partitions: 1);
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
        Assert.Equal(4, bench.Sent(43).Length);

        bench.Put(order with { Id = 44, CompletedAt = bench.Now - TestBench.Day });
        bench.SweepMerchantsAndPromoters(partitions: 2);
        bench.Put(order with { Id = 45, CompletedAt = bench.Now - TestBench.Day });
        bench.Advance(TestBench.Settling);
        Assert.Equal(Refusals.UnknownMerchant, bench.Only<DeliveryDeadLettered>(45).Reason);

        bench.PutMerchant(TestBench.Merchant);
        bench.Replay("45:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Contains(bench.Events(45), happened => happened is SettlementCalculated);
    }

    void ManyOrders(UtcInstant completedAt)
    {
        bench.Dispose();
        bench = new(new() { Partitions = 1, Settings = new() { PunctuationInterval = Minute, MaxSwept = Chunk } });
        for (var id = 1; id <= Many; id++)
        {
            bench.Put(order with { Id = id, CompletedAt = completedAt }, run: id == Many);
        }
    }

    int Cancelled() => Enumerable.Range(1, Many).Sum(id => bench.Events(id).OfType<SettlementCancelled>().Count());
}
