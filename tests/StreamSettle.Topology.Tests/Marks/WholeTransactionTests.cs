using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>A transaction of the source counts as a whole: what an order was in the middle of one is decided over by nobody.</summary>
public sealed class WholeTransactionTests : IDisposable
{
    static readonly TimeSpan Minutes = TimeSpan.FromMinutes(3);

    readonly TestBench bench = new(new() { Partitions = 1 });
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void An_order_that_is_completed_and_cancelled_in_one_transaction_is_not_paid_in_between()
    {
        bench.Put(order with { Status = OrderStatus.Disputed });
        bench.Advance(2 * TestBench.Day);
        var commit = bench.LastLsn + 1_000;
        bench.Put(order, commit: commit);
        bench.Driver.AdvanceTime(Minutes);
        bench.Put(order with { Status = OrderStatus.Cancelled }, commit: commit);
        bench.Advance(TestBench.Settling);

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Empty(bench.Calls());
    }

    [Fact]
    public void An_order_that_settle_has_is_not_calculated_by_the_middle_of_a_transaction()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        Assert.NotNull(bench.DeadLetter("42:calculation:0"));

        var commit = bench.LastLsn + 1_000;
        bench.Put(order, commit: commit);
        bench.Driver.AdvanceTime(Minutes);
        bench.Put(order with { Refunded = "60.0000" }, commit: commit);
        bench.Advance(TestBench.Settling);

        Assert.Equal(6_000, bench.Only<SettlementCalculated>(42).Refunded);
    }

    [Fact]
    public void None_overtakes_an_order_that_waits_for_the_end_of_a_transaction()
    {
        var later = order with { Id = 43, CompletedAt = TestBench.Start + Minutes };
        bench.Put(later);
        bench.Advance(TestBench.Day - Minutes);
        bench.Put(order, run: false);
        bench.Driver.AdvanceTime(4 * Minutes);
        Assert.Empty(bench.Calls());

        bench.Advance(TestBench.Settling);
        Assert.Equal(["42:verification:0", "43:verification:0"], bench.Calls().Where(call => call.Text.EndsWith(":verification:0", StringComparison.Ordinal)).Select(call => call.Text));
    }

    [Fact]
    public void What_a_task_proved_before_it_began_anew_counts_no_more()
    {
        bench.Put(order);
        bench.Advance(Minutes);
        Assert.True(bench.Gate.IsOpen);
        bench.Gate.BeginsAnew(0);
        Assert.False(bench.Gate.IsOpen);
        bench.Driver.AdvanceTime(2 * TestBench.Day);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));

        bench.OpenGate();
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }
}
