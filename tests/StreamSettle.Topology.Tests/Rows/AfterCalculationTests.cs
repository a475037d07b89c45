using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>"What the source may do, and what follows", the column after SettlementCalculated.</summary>
public sealed class AfterCalculationTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public AfterCalculationTests()
    {
        bench.Put(order);
        bench.PassMark();
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    public void Dispose() => bench.Dispose();

    void NothingMoves(Action change)
    {
        var (facts, calls) = (bench.Told(42).Length, bench.Calls().Count);
        change();
        bench.Advance(TestBench.Settling);
        Assert.Equal(facts, bench.Told(42).Length);
        Assert.Equal(calls, bench.Calls().Count);
    }

    [Fact]
    public void Edited_terms_move_nothing() =>
        NothingMoves(() => bench.Put(order with { Gross = "500.0000", Currency = "USD", Category = "gap", Promoter = null, Carrier = 9, Merchant = 500 }));

    [Fact]
    public void Status_and_deletion_alone_move_nothing()
    {
        NothingMoves(() => bench.Put(order with { Status = OrderStatus.Disputed }));
        NothingMoves(() => bench.Put(order with { Status = OrderStatus.Cancelled }));
        NothingMoves(() => bench.Delete(42));
    }

    [Fact]
    public void Completed_again_moves_nothing()
    {
        NothingMoves(() => bench.Put(order with { Status = OrderStatus.Refunded }));
        NothingMoves(() => bench.Put(order with { CompletedAt = bench.Now }));
    }

    [Fact]
    public void A_raised_refund_is_reversed_whatever_the_status()
    {
        bench.PutWhole(order with { Refunded = "11.9000", Status = OrderStatus.Refunded });
        Assert.Equal((1, 1190L), (bench.Only<ReversalRequested>(42).N, bench.Only<ReversalRequested>(42).Refunded));
        var lines = bench.Only<ReversalCalculated>(42).Lines;
        Assert.Equal(1190, lines.Sum(line => line.Amount));
        Assert.Equal(["ReversalRequested", "ReversalCalculated", "DeliveryConfirmed", "DeliveryConfirmed", "DeliveryConfirmed", "ReversalCompleted"], bench.Told(42)[^6..]);
        Assert.Equal(["42:split:1", "42:commission:1", "42:tax:1"], bench.Sent(42).Where(key => key.EndsWith(":1", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_lowered_refund_moves_nothing_and_is_measured_against_the_greatest()
    {
        bench.PutWhole(order with { Refunded = "20.0000" });
        NothingMoves(() => bench.Put(order with { Refunded = "5.0000" }));
        NothingMoves(() => bench.Put(order with { Refunded = "20.0000" }));
        bench.PutWhole(order with { Refunded = "21.0000" });
        Assert.Equal([2000L, 2100L], bench.Events(42).OfType<ReversalRequested>().Select(requested => requested.Refunded));
        Assert.Equal([2000L, 100L], bench.Events(42).OfType<ReversalCalculated>().Select(reversal => reversal.Lines.Sum(line => line.Amount)));
    }

    [Fact]
    public void A_refund_above_the_settled_gross_is_refused_until_a_good_one_comes()
    {
        bench.PutWhole(order with { Refunded = "119.0100", Gross = "500.0000" });
        var refused = bench.Only<DeliveryDeadLettered>(42);
        Assert.Equal(("42:calculation:1", "calculation", 1, "bad_amount"), (refused.Key, refused.Leg, refused.N, refused.Reason));
        Assert.Equal("bad_amount", bench.DeadLetter("42:calculation:1")!.Reason);

        NothingMoves(() => bench.Put(order with { Refunded = "119.0100" }));
        bench.PutWhole(order with { Refunded = "119.0000" });
        Assert.Null(bench.DeadLetter("42:calculation:1"));
        Assert.Equal(11_900, bench.Only<ReversalRequested>(42).Refunded);
    }

    [Fact]
    public void A_refused_refund_that_is_replayed_is_measured_again_and_can_be_discarded()
    {
        bench.PutWhole(order with { Refunded = "-1.0000" });
        bench.Replay("42:calculation:1");
        Assert.Equal(["DeliveryDeadLettered", "DeliveryReplayed", "DeliveryDeadLettered"], bench.Told(42)[^3..]);
        Assert.NotNull(bench.DeadLetter("42:calculation:1"));

        bench.Discard("42:calculation:1");
        Assert.Equal("DeliveryDiscarded", bench.Told(42)[^1]);
        Assert.Null(bench.DeadLetter("42:calculation:1"));
        NothingMoves(() => bench.Put(order with { Refunded = "-1.0000" }));
        NothingMoves(() => bench.Discard("42:calculation:1"));
    }

    [Fact]
    public void A_refused_refund_that_the_row_takes_back_is_told_to_be_gone_and_comes_anew_as_the_same_number()
    {
        var committedAt = bench.Now;
        bench.PutWhole(order with { Refunded = "200.0050" });
        Assert.Equal(("200.0050", committedAt.ToString()), (bench.Only<DeliveryDeadLettered>(42).RefundedAmount, bench.Only<DeliveryDeadLettered>(42).DueAt));
        bench.PutWhole(order);
        Assert.Equal(("42:calculation:1", "source"), (bench.Only<DeliveryReplayed>(42).Key, bench.Only<DeliveryReplayed>(42).By));
        Assert.Null(bench.DeadLetter("42:calculation:1"));
        NothingMoves(() => bench.Put(order));

        bench.PutWhole(order with { Refunded = "200.0050" });
        bench.Discard("42:calculation:1");
        bench.Put(order);
        bench.PutWhole(order with { Refunded = "200.0050" });
        Assert.Equal(["DeliveryDeadLettered", "DeliveryDiscarded", "DeliveryReplayed", "DeliveryDeadLettered"], bench.Told(42)[^4..]);
        Assert.Equal("bad_amount", bench.DeadLetter("42:calculation:1")!.Reason);
        Assert.Equal(1, Lives.FoldCheck.Check(bench));
    }

    [Fact]
    public void A_row_that_takes_the_id_of_a_settled_order_moves_none_of_its_money_and_is_refused()
    {
        var other = new ShopOrder(41) { Status = OrderStatus.Disputed, Refunded = "60.0000", CompletedAt = null };
        bench.Delete(42);
        bench.Put(other);
        bench.Rename(other, 42);
        bench.Read();
        Assert.Equal("changed_key", bench.DeadLetter("42:calculation:1")!.Reason);
        NothingMoves(() => bench.Put(other with { Id = 42, Refunded = "70.0000" }));

        bench.Discard("42:calculation:1");
        Assert.Null(bench.DeadLetter("42:calculation:1"));
        NothingMoves(() => bench.Put(other with { Id = 42, Refunded = "80.0000" }));
        Assert.Empty(bench.Events(42).OfType<ReversalRequested>());
        Assert.Equal(1, Lives.FoldCheck.Check(bench));
    }

    [Fact]
    public void A_row_that_comes_back_to_its_id_counts_again_when_a_person_says_that_it_is_the_same_order()
    {
        bench.Rename(order, 43);
        bench.Rename(order with { Id = 43, Refunded = "10.0000" }, 42);
        bench.Read();
        Assert.Empty(bench.Events(42).OfType<ReversalRequested>());

        bench.Replay("42:calculation:1");
        bench.PutWhole(order with { Refunded = "30.0000" });
        Assert.Equal([1_000, 3_000], bench.Events(42).OfType<ReversalRequested>().Select(requested => requested.Refunded));
    }

    [Fact]
    public void A_refund_in_a_finer_unit_than_the_currency_has_is_refused()
    {
        bench.PutWhole(order with { Refunded = "1.0050" });
        Assert.Equal("bad_amount", bench.Only<DeliveryDeadLettered>(42).Reason);
    }

    [Fact]
    public void Reversals_never_take_back_more_than_a_line_got_and_in_the_end_all_of_it()
    {
        foreach (var refunded in new[] { "0.0100", "0.0700", "33.3300", "99.9900", "119.0000" })
        {
            bench.PutWhole(order with { Refunded = refunded });
        }

        var settled = bench.Only<SettlementCalculated>(42).Lines.ToDictionary(line => line.Party, line => line.Amount);
        var reversed = bench.Events(42).OfType<ReversalCalculated>().SelectMany(reversal => reversal.Lines).GroupBy(line => line.Party)
            .ToDictionary(lines => lines.Key, lines => lines.Sum(line => line.Amount));
        Assert.Equal(settled, reversed);
        Assert.Equal([1, 2, 3, 4, 5], bench.Events(42).OfType<ReversalCompleted>().Select(completed => completed.N));
    }
}
