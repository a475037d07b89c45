using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>After a start nothing fires until the source has been read, and nothing is stuck afterwards.</summary>
public sealed class StartTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Nothing_fires_before_the_gate_opens()
    {
        bench.Put(order);
        bench.Restart(open: false);
        bench.PassMark();
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.NotEmpty(bench.Gate.Reasons());
        bench.OpenGate();
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
        Assert.Empty(bench.Gate.Reasons());
    }

    [Fact]
    public void A_cancellation_that_waited_in_the_source_counts()
    {
        bench.Put(order);
        bench.Restart(open: false);
        bench.SourceRead(bench.Time.GetTimestamp(), more: 1);
        bench.PassMark();
        Assert.False(bench.Gate.IsOpen);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        bench.Put(order with { Id = 1000, Status = OrderStatus.Created });
        bench.Advance(TestBench.Settling);
        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
    }

    [Fact]
    public void A_cancellation_that_waited_counts_also_for_an_order_that_was_given_away_before_the_stop()
    {
        bench.Put(order);
        bench.Advance(TestBench.Day - TimeSpan.FromMinutes(1));
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["SettlementScheduled", "SettlementDue"], bench.Told(42));
        bench.Restart(open: false);
        bench.SourceRead(bench.Time.GetTimestamp(), more: 1);
        bench.Advance(TestBench.Settling);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        for (var id = 1000; id < 1010; id++)
        {
            bench.Put(order with { Id = id, Status = OrderStatus.Created });
        }

        bench.Advance(TestBench.Settling);
        Assert.Equal(["SettlementScheduled", "SettlementDue", "SettlementCancelled"], bench.Told(42));
    }

    [Fact]
    public void What_was_given_away_before_a_stop_is_settled_after_it_although_no_order_fires_any_more()
    {
        bench.Put(order);
        bench.Advance(TestBench.Day);
        Assert.Equal(["SettlementScheduled", "SettlementDue"], bench.Told(42));
        bench.Restart();
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void An_order_that_only_settle_waits_for_is_settled_after_a_restart_too()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.Put(order);
        bench.Restart();
        bench.Advance(TestBench.Day);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_dead_letter_that_is_replayed_after_a_restart_is_settled()
    {
        bench.Put(order with { Merchant = 999 });
        bench.PassMark();
        bench.Restart();
        bench.PutMerchant(999);
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void Idle_partitions_hold_nobody_up()
    {
        using var wide = new TestBench(new() { Partitions = 16 });
        wide.Put(order);
        wide.PassMark();
        Assert.Equal(4, wide.Sent(42).Length);
        wide.Restart();
        wide.Put(order with { Refunded = "10.0000" });
        wide.Put(new(43));
        wide.Advance(TestBench.Settling);
        Assert.Equal("ReversalCompleted", wide.Told(42)[^1]);
        Assert.Equal("SettlementCompleted", wide.Told(43)[^1]);
    }

    [Fact]
    public void Pressure_holds_firing_and_lets_it_go()
    {
        bench.Put(order);
        bench.Gate.Press("the event log is behind");
        bench.PassMark();
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Contains("the event log is behind", bench.Gate.Reasons());
        bench.Gate.Press(null);
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_quiet_clock_writes_no_reports()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Driver.ReadOutput(Topics.ClockProgress);
        bench.Advance(TestBench.Day);
        Assert.Empty(bench.Driver.ReadOutput(Topics.ClockProgress));
    }
}
