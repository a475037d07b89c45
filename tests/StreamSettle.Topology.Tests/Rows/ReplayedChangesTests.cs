using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>Older positions and the same change again change nothing, before and after the calculation.</summary>
public sealed class ReplayedChangesTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void An_older_change_that_comes_late_changes_nothing()
    {
        bench.Put(order with { Gross = "238.0000" }, position: 2_000);
        bench.Put(order, position: 1_999);
        bench.Put(order with { Status = OrderStatus.Cancelled }, position: 1_998);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.PassMark();
        Assert.Equal(23_800, bench.Only<SettlementCalculated>(42).Gross);
    }

    [Fact]
    public void A_cancellation_wins_over_a_replay_of_what_came_before_it()
    {
        var completed = bench.Put(order);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        bench.Put(order, position: completed);
        bench.PassMark();
        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
    }

    [Fact]
    public void Of_two_overlapping_transactions_the_one_that_was_committed_later_counts()
    {
        bench.Put(order, position: 1_500);
        bench.Delete(42, position: 1_700, commit: 1_800);
        bench.Put(order with { Gross = "238.0000" }, position: 1_600, commit: 1_900);
        bench.Delete(42, position: 1_700, commit: 1_800);
        bench.PassMark();
        Assert.Equal(23_800, bench.Only<SettlementCalculated>(42).Gross);

        bench.Delete(42, position: 1_950, commit: 2_100);
        bench.PutWhole(order with { Refunded = "119.0000" }, position: 1_940, commit: 2_200);
        Assert.Equal(11_900, bench.Only<ReversalRequested>(42).Refunded);
    }

    [Fact]
    public void The_same_change_again_changes_nothing_around_the_mark()
    {
        var completed = bench.Put(order);
        bench.Advance(TestBench.Day - TimeSpan.FromSeconds(30));
        bench.Put(order, position: completed);
        bench.Advance(TimeSpan.FromSeconds(60));
        bench.Put(order, position: completed);
        bench.PassMark();
        bench.Put(order, position: completed);
        bench.Advance(TestBench.Settling);
        Assert.Single(bench.Events(42).OfType<SettlementScheduled>());
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_replayed_refund_is_no_second_reversal()
    {
        bench.Put(order);
        bench.PassMark();
        var refund = bench.Put(order with { Refunded = "10.0000" });
        bench.Put(order with { Refunded = "10.0000" }, position: refund);
        bench.Put(order with { Refunded = "0.0000" }, position: refund - 1);
        bench.Put(order with { Refunded = "10.0000" });
        Assert.Single(bench.Events(42).OfType<ReversalRequested>());
        Assert.Equal(7, bench.Sent(42).Length);
    }

    [Fact]
    public void A_snapshot_row_of_the_same_position_ranks_below_the_streamed_change()
    {
        bench.Put(order with { Gross = "238.0000" }, position: 2_000);
        bench.Put(order, position: 2_000, streamed: false);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.Put(order, position: 3_000, streamed: false);
        Assert.Equal("3000s", bench.Only<SettlementRescheduled>(42).Cause);
    }

    [Fact]
    public void Rows_without_a_position_count_in_the_order_in_which_they_come_and_each_has_its_own_cause()
    {
        bench.Put(order, hasPosition: false);
        bench.Put(order with { Gross = "238.0000" }, hasPosition: false);
        bench.Put(order with { Gross = "238.0000" }, hasPosition: false);
        bench.Put(order with { Status = OrderStatus.Paid }, hasPosition: false);
        bench.Put(order with { Refunded = "119.0000" }, hasPosition: false);
        Assert.Equal(["SettlementScheduled", "SettlementRescheduled", "SettlementCancelled", "SettlementScheduled"], bench.Told(42));
        Assert.All(bench.Events(42), happened => Assert.StartsWith("shop.public.orders-", happened.Cause, StringComparison.Ordinal));

        bench.PassMark();
        Assert.Equal(2, bench.Events(42).OfType<SettlementCancelled>().Count());
        bench.Put(order with { Refunded = "119.0000", Gross = "200.0000" }, hasPosition: false);
        bench.Put(order with { Refunded = "120.0000", Gross = "200.0000" }, hasPosition: false);
        bench.Advance(TestBench.Settling);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void Deletion_and_rebirth_of_a_row_is_completed_again()
    {
        bench.Put(order);
        bench.Delete(42);
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
    }
}
