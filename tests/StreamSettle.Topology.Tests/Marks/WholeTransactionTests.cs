using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>A transaction of the source counts as a whole: what an order was in the middle of one is decided over by nobody.</summary>
public sealed class WholeTransactionTests : IDisposable
{
    static readonly TimeSpan Minutes = TimeSpan.FromMinutes(3);

    readonly TestBench bench = new(new() { Partitions = 1 });
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    void Settle()
    {
        bench.Put(order);
        bench.PassMark();
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

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
    public void A_refund_that_is_raised_and_lowered_again_in_one_transaction_takes_nothing_back()
    {
        Settle();
        var commit = bench.LastLsn + 1_000;
        bench.Put(order with { Refunded = "60.0000" }, commit: commit);
        bench.Driver.AdvanceTime(Minutes);
        bench.Restart(open: false);
        bench.Put(order with { Refunded = "10.0000" }, commit: commit);
        bench.OpenGate();
        bench.Advance(TestBench.Settling);

        Assert.Equal(1_000, bench.Only<ReversalRequested>(42).Refunded);
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void What_each_transaction_ends_with_is_taken_back_also_when_the_next_one_lowers_it_at_once()
    {
        Settle();
        bench.Put(order with { Refunded = "60.0000" });
        bench.Put(order);
        bench.Advance(TestBench.Settling);

        Assert.Equal(6_000, bench.Only<ReversalRequested>(42).Refunded);
    }

    [Theory]
    [InlineData("200.0000")]
    [InlineData("-1.0000")]
    public void A_refund_that_is_bad_only_in_the_middle_of_a_transaction_is_nobodys_dead_letter(string refunded)
    {
        Settle();
        var (told, commit) = (bench.Told(42), bench.LastLsn + 1_000);
        bench.Put(order with { Refunded = refunded }, commit: commit);
        bench.Driver.AdvanceTime(Minutes);
        bench.Put(order, commit: commit);
        bench.Advance(TestBench.Settling);

        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void A_refund_in_the_middle_of_a_transaction_whose_rest_a_new_reading_of_the_table_brings_takes_nothing_back()
    {
        Settle();
        var told = bench.Told(42);
        bench.Put(order with { Refunded = "60.0000" }, commit: bench.LastLsn + 1_000);
        bench.Driver.AdvanceTime(Minutes);
        bench.Put(order, position: bench.LastLsn + 2_000, streamed: false);
        bench.Advance(TestBench.Settling);

        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void A_refund_in_the_middle_of_a_transaction_takes_nothing_back_when_a_new_reading_of_the_table_lacks_the_row()
    {
        Settle();
        var told = bench.Told(42);
        bench.Put(order with { Refunded = "60.0000" }, commit: bench.LastLsn + 1_000);
        bench.Driver.AdvanceTime(Minutes);
        bench.Restart(open: false);
        bench.SweepOrders(ChangePosition.Snapshot(bench.LastLsn + 2_000));
        bench.OpenGate();
        bench.Advance(TestBench.Settling);

        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void A_refund_in_the_middle_of_a_transaction_that_empties_the_table_takes_nothing_back()
    {
        Settle();
        var (told, by) = (bench.Told(42), new SourceTransaction(bench.Now, 77));
        bench.Put(order with { Refunded = "60.0000" }, by: by);
        bench.Driver.AdvanceTime(Minutes);
        bench.SweepOrders(by: by);
        bench.Advance(TestBench.Settling);

        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void Two_transactions_are_two_although_they_were_committed_at_the_same_instant()
    {
        Settle();
        bench.Put(order with { Refunded = "60.0000" }, by: new(bench.Now, 77));
        bench.Put(order with { Refunded = "10.0000" }, by: new(bench.Now, 78));
        bench.Advance(TestBench.Settling);

        Assert.Equal(6_000, bench.Only<ReversalRequested>(42).Refunded);
    }

    [Fact]
    public void A_refund_that_was_whole_is_taken_back_although_the_table_is_read_again_with_less()
    {
        Settle();
        bench.PutWhole(order with { Refunded = "60.0000" });
        bench.Put(order, position: bench.LastLsn + 2_000, streamed: false);
        bench.Advance(TestBench.Settling);

        Assert.Equal(6_000, bench.Only<ReversalRequested>(42).Refunded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_that_the_middle_of_a_transaction_put_out_of_ours_is_ours_again_when_a_new_reading_of_the_table_brings_the_end(bool restart)
    {
        using var since = Since();
        since.Put(order with { Status = OrderStatus.Created, CompletedAt = null });
        since.Put(order with { CompletedAt = TestBench.Start - TestBench.Day }, commit: since.LastLsn + 1_000);
        since.Driver.AdvanceTime(Minutes);
        if (restart)
        {
            since.Restart(open: false);
        }

        since.Put(order, position: since.LastLsn + 2_000, streamed: false);
        since.OpenGate();
        since.PassMark();

        Assert.Equal("SettlementCompleted", since.Told(42)[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_that_the_end_of_a_transaction_put_out_of_ours_stays_so_when_the_table_is_read_again(bool restart)
    {
        using var since = Since();
        since.Put(order with { Status = OrderStatus.Created, CompletedAt = null });
        since.PutWhole(order with { CompletedAt = TestBench.Start - TestBench.Day });
        if (restart)
        {
            since.Restart(open: false);
        }

        since.Put(order, position: since.LastLsn + 2_000, streamed: false);
        since.OpenGate();
        since.PassMark();

        Assert.Empty(since.Told(42));
    }

    [Fact]
    public void An_order_that_is_too_old_by_the_middle_of_a_transaction_is_settled_when_a_new_reading_of_the_table_brings_the_end()
    {
        using var brief = Brief();
        brief.Put(order with { Id = 1 });
        brief.PassMark();
        brief.Advance(TestBench.Day);
        brief.Put(order, commit: brief.LastLsn + 1_000);
        brief.Driver.AdvanceTime(Minutes);
        Assert.Equal("too_old", brief.DeadLetter("42:calculation:0")?.Reason);
        brief.Put(order with { CompletedAt = brief.Now }, position: brief.LastLsn + 2_000, streamed: false);
        brief.Advance(TestBench.Day + TestBench.Settling);

        Assert.Equal("SettlementCompleted", brief.Told(42)[^1]);
        Assert.Null(brief.DeadLetter("42:calculation:0"));
    }

    static TestBench Since() =>
        new(new() { Partitions = 1, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), CompletedSince = TestBench.Start } });

    static TestBench Brief() =>
        new(new() { Partitions = 1, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), Retention = TimeSpan.FromHours(2) } });

    [Fact]
    public void Once_the_last_refund_was_decided_nobody_asks_for_proofs_any_more()
    {
        Settle();
        bench.PutWhole(order with { Refunded = "60.0000" });
        bench.Advance(TestBench.Settling);
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);

        var reports = bench.Log.EndOffset(new(Topics.ClockProgress, 0));
        bench.Driver.AdvanceTime(Minutes);
        Assert.Equal(reports, bench.Log.EndOffset(new(Topics.ClockProgress, 0)));
    }

    [Fact]
    public void A_row_that_its_transaction_deletes_takes_nothing_back()
    {
        Settle();
        var (told, commit) = (bench.Told(42), bench.LastLsn + 1_000);
        bench.Put(order with { Refunded = "60.0000" }, commit: commit);
        bench.Driver.AdvanceTime(Minutes);
        bench.Delete(42, commit: commit);
        bench.Advance(TestBench.Settling);

        Assert.Equal(told, bench.Told(42));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_refund_waits_while_what_came_after_it_cannot_be_read(bool replay, int reversals)
    {
        Settle();
        var commit = bench.LastLsn + 1_000;
        bench.Put(order with { Refunded = "60.0000" }, commit: commit);
        bench.Tear(order, commit: commit);
        bench.Advance(TestBench.Day);
        Assert.Empty(bench.Events(42).OfType<ReversalRequested>());

        bench.Mend();
        bench.OperateRecord(bench.TornLetters(42).Single(), replay);
        bench.Advance(TestBench.Settling);
        Assert.Equal(reversals, bench.Events(42).OfType<ReversalRequested>().Count());
    }

    [Fact]
    public void Of_a_transaction_that_could_not_be_read_the_end_counts_whichever_is_replayed_first()
    {
        Settle();
        var (told, commit) = (bench.Told(42), bench.LastLsn + 1_000);
        bench.Tear(order with { Refunded = "60.0000" }, commit: commit);
        bench.Tear(order, commit: commit);
        bench.Advance(TestBench.Settling);
        bench.Mend();
        foreach (var letter in bench.TornLetters(42))
        {
            bench.OperateRecord(letter, replay: true);
            bench.Advance(TestBench.Settling);
        }

        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void An_order_is_not_ours_by_the_end_of_a_transaction_never_by_its_middle()
    {
        using var since = Since();
        var (old, commit) = (order with { CompletedAt = TestBench.Start - TestBench.Day }, since.LastLsn + 1_000);
        since.Put(order with { Status = OrderStatus.Created, CompletedAt = null });
        since.Put(old, commit: commit);
        since.Driver.AdvanceTime(Minutes);
        since.Put(order, commit: commit);
        since.Put(old with { Id = 43 });
        since.Put(order with { Id = 43 }, commit: commit + 1);
        since.Put(order with { Id = 43, Gross = "120.0000" }, commit: commit + 1);
        since.PassMark();

        Assert.Equal("SettlementCompleted", since.Told(42)[^1]);
        Assert.Empty(since.Told(43));
    }

    [Fact]
    public void An_order_is_too_old_by_the_end_of_a_transaction_never_by_its_middle()
    {
        using var brief = Brief();
        brief.Put(order with { Id = 1 });
        brief.PassMark();
        brief.Advance(TestBench.Day);
        var (completed, commit) = (order with { CompletedAt = brief.Now }, brief.LastLsn + 1_000);
        brief.Put(order, commit: commit);
        brief.Driver.AdvanceTime(Minutes);
        brief.Put(completed, commit: commit);
        brief.Put(order with { Id = 43 });
        brief.Put(completed with { Id = 43 });
        brief.Advance(TestBench.Day + TestBench.Settling);

        Assert.Equal("SettlementCompleted", brief.Told(42)[^1]);
        Assert.Equal("too_old", brief.DeadLetter("43:calculation:0")?.Reason);
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
