using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Orders;
using static StreamSettle.Topology.Tests.Bench.TestBench;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>A change that cannot be read and meets an order from its mark on: settle learns of it, and pays nothing by what was known before.</summary>
public sealed class UnreadableAfterTheMarkTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    ShopOrder Refunded => order with { Refunded = "19.0000" };

    DeadLetter Letter => Assert.Single(bench.TornLetters(42));

    string? Refusal => bench.DeadLetter("42:calculation:0")?.Reason;

    void ReplayRecord(DeadLetter letter)
    {
        bench.Mend();
        bench.OperateRecord(letter, replay: true);
        bench.Unmend();
    }

    void DiscardRecord(DeadLetter letter) => bench.OperateRecord(letter, replay: false);

    void RefuseAtTheMark()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        Assert.Equal("unknown_currency", Refusal);
    }

    [Fact]
    public void After_the_mark_a_replay_of_the_refused_order_does_not_pay_the_old_row()
    {
        bench.Put(order with { Merchant = 999 });
        bench.PassMark();
        bench.PutMerchant(999);
        bench.Tear(Refunded with { Merchant = 999 });
        bench.Replay("42:calculation:0");
        bench.Advance(Settling);
        Assert.Empty(bench.Sent(42));
        Assert.Equal("unreadable_change", Refusal);
        ReplayRecord(Letter);
        bench.Advance(Settling);
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void After_the_mark_a_discarded_record_does_not_count_and_the_replay_settles_what_is_known()
    {
        bench.Put(order with { Merchant = 999 });
        bench.PassMark();
        bench.PutMerchant(999);
        bench.Tear(Refunded with { Merchant = 999 });
        DiscardRecord(Letter);
        bench.Replay("42:calculation:0");
        bench.Advance(Settling);
        Assert.Equal(11_900, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void An_order_that_waits_for_its_release_is_refused_and_goes_on_when_the_record_is_read()
    {
        bench.Put(order);
        bench.Gate.Press("away");
        bench.Advance(Day - Settling);
        HandOverWithoutRelease();
        bench.Tear(Refunded);
        bench.Advance(Settling);
        Assert.Equal("unreadable_change", Refusal);
        ReplayRecord(Letter);
        bench.Advance(Settling);
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    /// <summary>The mark passes and the order is handed over; what settle would need to release it has not come yet.</summary>
    void HandOverWithoutRelease()
    {
        bench.Gate.Press(null);
        bench.Driver.Time.Advance(2 * Settling);
        bench.Driver.RunUntilIdle();
        Assert.Empty(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Single(bench.Events(42).OfType<SettlementDue>());
    }

    [Fact]
    public void After_the_mark_the_older_of_two_leaves_the_newer_in_doubt()
    {
        RefuseAtTheMark();
        bench.Tear(order);
        bench.Tear(Refunded);
        var letters = bench.TornLetters(42);
        ReplayRecord(letters[0]);
        bench.Advance(Settling);
        Assert.Equal("unreadable_change", Refusal);
        ReplayRecord(letters[1]);
        bench.Advance(Settling);
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void After_the_mark_old_news_relieves_an_order_that_was_refused_for_it()
    {
        bench.Put(order with { Merchant = 999 }, position: 5_000);
        bench.PassMark();
        bench.PutMerchant(999);
        bench.Tear(order with { Status = OrderStatus.Cancelled, Merchant = 999 }, position: 4_000);
        bench.Replay("42:calculation:0");
        Assert.Equal("unreadable_change", Refusal);
        ReplayRecord(Letter);
        bench.Advance(Settling);
        Assert.Equal(11_900, bench.Only<SettlementCalculated>(42).Net);
        Assert.Null(Refusal);
    }

    [Fact]
    public void After_the_calculation_nothing_moves_but_a_replayed_refund_is_reversed()
    {
        bench.Put(order);
        bench.PassMark();
        var told = bench.Told(42);
        bench.Tear(Refunded);
        bench.Advance(Settling);
        Assert.Equal(told, bench.Told(42));
        ReplayRecord(Letter);
        bench.Advance(Settling);
        Assert.Equal(1_900, bench.Only<ReversalRequested>(42).Refunded);
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Empty(bench.DeadLetters());
    }

    [Fact]
    public void A_given_up_order_is_not_moved_by_any_of_it()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        bench.Discard("42:calculation:0");
        ReplayRecord(Letter);
        bench.Tear(order);
        ReplayRecord(Letter);
        bench.PassMark();
        Assert.Equal("DeliveryDiscarded", bench.Told(42)[^1]);
        Assert.Empty(bench.DeadLetters());
    }

    [Fact]
    public void Doubts_outlive_a_restart()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        bench.Restart();
        bench.Replay("42:calculation:0");
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        ReplayRecord(Letter);
        bench.Advance(Settling);
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }
}
