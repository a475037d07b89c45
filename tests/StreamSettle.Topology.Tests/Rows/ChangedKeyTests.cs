using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>The primary key changed.</summary>
public sealed class ChangedKeyTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Before_the_calculation_the_old_order_is_cancelled_and_the_new_one_refused_at_once()
    {
        bench.Put(order);
        bench.Rename(order, 43);
        Assert.Equal("key_changed", bench.Only<SettlementCancelled>(42).Reason);
        var refused = bench.Only<DeliveryDeadLettered>(43);
        Assert.Equal(("43:calculation:0", "calculation", "changed_key"), (refused.Key, refused.Leg, refused.Reason));
        Assert.Equal("changed_key", bench.DeadLetter("43:calculation:0")!.Reason);
        bench.PassMark();
        Assert.Empty(bench.Calls());
    }

    [Fact]
    public void A_changed_row_does_not_lift_it_but_a_person_does_with_the_row_as_it_is_then()
    {
        bench.Put(order);
        bench.Rename(order, 43);
        bench.Put(order with { Id = 43, Gross = "238.0000" });
        Assert.Equal(["DeliveryDeadLettered"], bench.Told(43));

        bench.Replay("43:calculation:0");
        Assert.Null(bench.DeadLetter("43:calculation:0"));
        bench.PassMark();
        Assert.Equal(["DeliveryDeadLettered", "DeliveryReplayed", "SettlementScheduled", "SettlementDue", "SettlementCalculated"], bench.Told(43)[..5]);
        Assert.Equal(23_800, bench.Only<SettlementCalculated>(43).Gross);
    }

    [Fact]
    public void A_replayed_order_that_is_refused_again_at_its_mark_has_two_dead_letters_in_the_log()
    {
        bench.Rename(order with { Currency = "XXX" }, 43);
        bench.Replay("43:calculation:0");
        bench.PassMark();
        Assert.Equal(["changed_key", "unknown_currency"], bench.Events(43).OfType<DeliveryDeadLettered>().Select(letter => letter.Reason));
        bench.Replay("43:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal(3, bench.Events(43).OfType<DeliveryDeadLettered>().Count());
    }

    [Fact]
    public void After_the_calculation_the_settled_one_stays_and_the_new_id_is_refused()
    {
        bench.Put(order);
        bench.PassMark();
        var told = bench.Told(42).Length;
        bench.Rename(order, 43);
        bench.Advance(TestBench.Settling);
        Assert.Equal(told, bench.Told(42).Length);
        Assert.Equal("changed_key", bench.Only<DeliveryDeadLettered>(43).Reason);
        Assert.Empty(bench.Sent(43));
    }

    [Fact]
    public void An_order_that_is_renamed_before_it_completes_is_refused_when_it_does()
    {
        bench.Rename(order with { Status = OrderStatus.Paid, CompletedAt = null }, 43);
        Assert.Empty(bench.Told(43));
        bench.Put(order with { Id = 43 });
        Assert.Equal("changed_key", bench.Only<DeliveryDeadLettered>(43).Reason);
    }

    [Fact]
    public void A_refused_one_that_is_taken_back_and_completed_again_is_refused_again()
    {
        bench.Rename(order, 43);
        bench.Put(order with { Id = 43, Status = OrderStatus.Disputed });
        Assert.Null(bench.DeadLetter("43:calculation:0"));
        bench.Put(order with { Id = 43 });
        Assert.Equal(["DeliveryDeadLettered", "SettlementCancelled", "DeliveryDeadLettered"], bench.Told(43));
    }

    [Fact]
    public void Renamed_away_and_back_between_mark_and_calculation_waits_for_a_person_too()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        bench.Rename(order with { Currency = "XXX" }, 43);
        Assert.Equal("key_changed", bench.Only<SettlementCancelled>(42).Reason);
        bench.Rename(order with { Id = 43 }, 42);
        bench.Put(order with { Gross = "238.0000" });
        bench.Advance(TestBench.Settling);
        Assert.Equal("changed_key", bench.DeadLetter("42:calculation:0")!.Reason);
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal(23_800, bench.Only<SettlementCalculated>(42).Gross);
    }

    [Fact]
    public void A_discarded_one_is_given_up_for_good()
    {
        bench.Rename(order, 43);
        bench.Discard("43:calculation:0");
        Assert.Equal(["DeliveryDeadLettered", "DeliveryDiscarded"], bench.Told(43));
        Assert.Null(bench.DeadLetter("43:calculation:0"));
        bench.Put(order with { Id = 43, Gross = "238.0000" });
        bench.Put(order with { Id = 43, Status = OrderStatus.Paid });
        bench.Put(order with { Id = 43 });
        bench.PassMark();
        Assert.Equal(2, bench.Told(43).Length);
    }
}
