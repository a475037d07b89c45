using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>An order's memory is kept for a while after its mark, and what can still move money is never dropped.</summary>
public sealed class RetentionTests : IDisposable
{
    static readonly TimeSpan Retention = TimeSpan.FromHours(2);

    readonly TestBench bench = new(new() { Partitions = 1, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), Retention = Retention } });
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    int Entries(string store)
    {
        using var scan = bench.Driver.Store(store).Scan([], []);
        var count = 0;
        while (scan.MoveNext())
        {
            count++;
        }

        return count;
    }

    int AllEntries() =>
        Entries(StoreNames.OpenOrders) + Entries(StoreNames.OpenOrdersByDue) + Entries(StoreNames.Settlements) + Entries(StoreNames.SettlementsByDue);

    [Fact]
    public void A_finished_order_is_forgotten_after_the_retention_and_its_row_is_too_old_then()
    {
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(4, AllEntries());
        bench.Advance(Retention);
        Assert.Equal(0, AllEntries());

        bench.Put(order with { Refunded = "10.0000" });
        bench.Advance(TestBench.Settling);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void Pending_orders_outlive_any_retention()
    {
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.Put(order);
        bench.Advance(2 * TestBench.Day + TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void An_order_with_an_open_leg_is_kept_by_settle_until_it_is_done()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Tax ? [] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.Advance(5 * Retention);
        Assert.Equal(1, Entries(StoreNames.Settlements));
        bench.Confirm("42:tax:0");
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        bench.Advance(2 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_late_fired_order_is_kept_as_long_after_its_firing_as_another_after_its_mark()
    {
        bench.Put(order);
        bench.Gate.Press("away");
        bench.Advance(TestBench.Day + 3 * Retention);
        bench.Gate.Press(null);
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
        bench.Put(order with { Refunded = "10.0000" });
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        bench.Advance(2 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_cancelled_order_is_remembered_until_a_replay_of_its_completion_would_be_too_old()
    {
        var completed = bench.Put(order);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        for (var hour = 0; hour < 30; hour++)
        {
            bench.Advance(TimeSpan.FromHours(1));
            bench.Put(order, position: completed);
        }

        Assert.Equal(["SettlementScheduled", "SettlementCancelled", "DeliveryDeadLettered"], bench.Told(42));
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Empty(bench.Sent(42));
    }

    [Fact]
    public void Orders_that_never_complete_are_forgotten_too()
    {
        bench.Put(order with { Status = OrderStatus.Created, CompletedAt = null });
        bench.Put(order with { Status = OrderStatus.Paid, CompletedAt = null });
        Assert.Equal(2, AllEntries());
        bench.Advance(Retention + TestBench.Settling);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_refused_order_waits_for_a_person_however_long()
    {
        bench.Put(order with { CompletedAt = null });
        bench.Put(new(43) { Merchant = 999 });
        bench.Advance(TestBench.Day + 10 * Retention);
        bench.Discard("42:calculation:0");
        Assert.Equal("DeliveryDiscarded", bench.Told(42)[^1]);
        bench.Advance(TestBench.Day + 10 * Retention);
        Assert.Equal(1, Entries(StoreNames.Settlements));
    }
}
