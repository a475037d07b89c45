using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Holds;

/// <summary>An order that is held before its calculation waits uncalculated, and what the source does goes on to count.</summary>
public sealed class HeldBeforeCalculationTests : IDisposable
{
    readonly TestBench bench = new();

    public void Dispose()
    {
        FoldCheck.Check(bench);
        bench.Dispose();
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("merchant:437")]
    [InlineData("order:42")]
    public void It_waits_past_its_mark_and_is_divided_when_it_is_released(string scope)
    {
        bench.Put(new(42));
        var id = bench.Hold(scope);
        bench.PassMark();
        Assert.Equal(["SettlementScheduled", "SettlementDue", "SettlementHeld"], bench.Told(42));
        Assert.Equal(new SettlementHeld($"ann@{id}", bench.Only<SettlementHeld>(42).RecordedAt, scope, "looked into", "ann"), bench.Only<SettlementHeld>(42));
        Assert.Equal((1, 1), (bench.Tallies.Settle.Held, bench.Tallies.Settle.Waiting));
        bench.Release(id);
        bench.Advance(TestBench.Settling);
        var released = bench.Only<SettlementReleased>(42);
        Assert.Equal((scope, "all is well", "bob"), (released.Scope, released.Reason, released.By));
        Assert.Equal(["SettlementHeld", "SettlementReleased", "SettlementCalculated"], bench.Told(42)[2..5]);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal((0, 0), (bench.Tallies.Settle.Held, bench.Tallies.Lateness.Count));
    }

    [Theory]
    [InlineData("merchant:438")]
    [InlineData("order:43")]
    [InlineData("order:437")]
    [InlineData("downstream:split")]
    public void Another_merchant_or_order_and_a_system_hold_no_calculation(string scope)
    {
        bench.Put(new(42));
        bench.Hold(scope);
        bench.PassMark();
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Empty(bench.HeldBy(42));
    }

    [Fact]
    public void One_that_comes_when_its_merchant_is_held_already_is_held_too()
    {
        bench.Hold("merchant:437");
        bench.Put(new(42));
        bench.PassMark();
        bench.Put(new(43));
        bench.Advance(TestBench.Settling);
        Assert.Equal(["merchant:437"], bench.HeldBy(42));
        Assert.Equal(["merchant:437"], bench.HeldBy(43));
    }

    [Fact]
    public void What_the_source_does_while_it_is_held_counts()
    {
        foreach (var order in new[] { 42, 43, 44, 45, 46, 47 })
        {
            bench.Put(new(order));
        }

        var id = bench.Hold("everything");
        bench.PassMark();
        bench.Put(new ShopOrder(42) { Refunded = "19.0000" });
        bench.Put(new ShopOrder(43) { Status = OrderStatus.Disputed });
        bench.Put(new ShopOrder(44) { Refunded = "119.0000", Gross = "119.0000" });
        bench.Delete(45);
        bench.Put(new ShopOrder(46) { CompletedAt = bench.Now });
        bench.Put(new ShopOrder(47) { Merchant = 438 });
        bench.Advance(TestBench.Settling);
        Assert.All(bench.Facts.Orders, order => Assert.Empty(bench.Events(order).OfType<SettlementCalculated>()));
        Assert.Equal("SettlementCancelled", bench.Told(43)[^1]);
        Assert.Equal("SettlementCancelled", bench.Told(45)[^1]);
        bench.Release(id);
        bench.Advance(TestBench.Settling);
        Assert.Equal(1900, bench.Only<SettlementCalculated>(42).Refunded);
        Assert.Equal("nothing_to_settle", bench.Only<SettlementCancelled>(44).Reason);
        Assert.Empty(bench.Events(46).OfType<SettlementCalculated>());
        Assert.Equal(TestBench.Merchant, bench.Only<SettlementCalculated>(47).MerchantId);
        Assert.Empty(bench.Events(43).OfType<SettlementCalculated>());
        bench.Advance(TestBench.Day);
        Assert.Single(bench.Events(46).OfType<SettlementCalculated>());
        Assert.All(bench.Facts.Orders, order => Assert.Empty(bench.HeldBy(order)));
    }

    [Fact]
    public void One_that_is_taken_back_and_completed_again_while_it_is_held_is_held_on()
    {
        bench.Put(new(42));
        bench.Hold("order:42");
        bench.PassMark();
        bench.Put(new ShopOrder(42) { Status = OrderStatus.Disputed });
        bench.Put(new(42));
        bench.Advance(TestBench.Settling);
        Assert.Empty(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal(["order:42"], bench.HeldBy(42));
        Assert.Single(bench.Events(42).OfType<SettlementHeld>());
    }

    [Fact]
    public void A_hold_is_over_when_its_time_is()
    {
        bench.Put(new(42));
        bench.Hold("merchant:437", until: TestBench.Start + TestBench.Day + TimeSpan.FromHours(2));
        bench.PassMark();
        bench.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["merchant:437"], bench.HeldBy(42));
        bench.Advance(TimeSpan.FromHours(1));
        var over = bench.Only<SettlementReleased>(42);
        Assert.Equal((HoldEnding.ByExpiry, "looked into"), (over.By, over.Reason));
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void One_that_has_expired_before_it_held_anything_is_told_of_no_order()
    {
        bench.Put(new(42));
        bench.Hold("merchant:437", until: TestBench.Start + TimeSpan.FromHours(1));
        bench.PassMark();
        Assert.Empty(bench.Events(42).OfType<SettlementHeld>());
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void Of_two_holds_on_one_thing_the_last_that_goes_lets_go()
    {
        bench.Put(new(42));
        var (first, second) = (bench.Hold("merchant:437"), bench.Hold("merchant:437", by: "eve", reason: "the bank asked"));
        bench.PassMark();
        bench.Release(first);
        bench.Advance(TestBench.Settling);
        Assert.Equal(["merchant:437"], bench.HeldBy(42));
        Assert.Single(bench.Events(42).OfType<SettlementHeld>());
        bench.Release(second, reason: "the bank is content");
        bench.Advance(TestBench.Settling);
        Assert.Equal("the bank is content", bench.Only<SettlementReleased>(42).Reason);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void Each_scope_that_reaches_it_is_told_once_and_all_have_to_go()
    {
        bench.Put(new(42));
        var merchant = bench.Hold("merchant:437");
        bench.PassMark();
        var (order, all) = (bench.Hold("order:42"), bench.Hold("everything"));
        bench.Advance(TestBench.Settling);
        Assert.Equal(["merchant:437", "everything", "order:42"], bench.HeldBy(42));
        bench.Release(all);
        bench.Release(merchant);
        bench.Advance(TestBench.Settling);
        Assert.Equal(["order:42"], bench.HeldBy(42));
        Assert.Empty(bench.Events(42).OfType<SettlementCalculated>());
        bench.Release(order);
        bench.Advance(TestBench.Settling);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void A_refused_order_that_is_replayed_or_discarded_while_it_is_held_moves_no_money()
    {
        bench.Put(new ShopOrder(42) { Currency = "XXX" });
        bench.Put(new ShopOrder(43) { Currency = "XXX" });
        bench.PassMark();
        var id = bench.Hold("merchant:437");
        bench.Put(new(42));
        bench.Replay("42:calculation:0");
        bench.Discard("43:calculation:0", "never mind");
        bench.Advance(TestBench.Settling);
        Assert.Empty(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal("DeliveryDiscarded", bench.Told(43)[^1]);
        bench.Release(id);
        bench.Advance(TestBench.Settling);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Empty(bench.Events(43).OfType<SettlementCalculated>());
    }

    [Fact]
    public void A_hold_is_known_after_a_restart_and_so_is_what_it_holds()
    {
        bench.Put(new(42));
        bench.Put(new ShopOrder(43) { CompletedAt = TestBench.Start + TimeSpan.FromHours(1) });
        var id = bench.Hold("merchant:437");
        bench.PassMark();
        bench.Restart();
        bench.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["merchant:437"], bench.HeldBy(42));
        Assert.Equal(["merchant:437"], bench.HeldBy(43));
        bench.Release(id);
        bench.Driver.Crash();
        bench.Read();
        bench.Advance(TestBench.Settling);
        Assert.All([42L, 43L], order => Assert.Equal("SettlementCompleted", bench.Told(order)[^1]));
    }

    [Fact]
    public void Released_while_nothing_ran_it_goes_on_at_the_next_start()
    {
        bench.Put(new(42));
        var id = bench.Hold("order:42");
        bench.PassMark();
        bench.Driver.Crash();
        bench.Release(id);
        bench.Restart();
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void Orders_of_a_merchant_that_is_released_are_divided_in_the_order_of_their_marks()
    {
        using var few = new TestBench(new() { Partitions = 3, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), MaxFired = 3, MaxSwept = 3 } });
        var id = few.Hold("merchant:437");
        for (var order = 1; order <= 20; order++)
        {
            few.Put(new ShopOrder(order) { CompletedAt = TestBench.Start + TimeSpan.FromSeconds(order * 37 % 20) });
        }

        few.Advance(TestBench.Day + TimeSpan.FromHours(1));
        few.Release(id);
        few.Put(new ShopOrder(21) { CompletedAt = TestBench.Start + TimeSpan.FromMinutes(40) });
        few.Advance(TimeSpan.FromHours(1));
        var marks = few.Calls().Where(call => call.Text.EndsWith(":verification:0", StringComparison.Ordinal)).Select(call => few.Only<SettlementCalculated>(call.Key.Order.Value).DueAt).ToArray();
        Assert.Equal(21, marks.Length);
        Assert.Equal(marks.Order(StringComparer.Ordinal), marks);
        FoldCheck.Check(few);
    }

    [Fact]
    public void A_held_order_is_remembered_beyond_the_retention_and_forgotten_after_it()
    {
        using var brief = new TestBench(new() { Settings = new SettlementSettings { PunctuationInterval = TimeSpan.FromHours(1), Retention = TimeSpan.FromDays(2) } });
        brief.Put(new(42));
        var id = brief.Hold("order:42");
        brief.Advance(TimeSpan.FromDays(10));
        Assert.Equal(["order:42"], brief.HeldBy(42));
        brief.Release(id);
        brief.Advance(TimeSpan.FromDays(10));
        Assert.Equal("SettlementCompleted", brief.Told(42)[^1]);
        Assert.Equal(0, brief.Tallies.Clock.Known);
    }

    [Fact]
    public void One_that_is_taken_back_while_it_is_held_is_forgotten_when_the_hold_is_over()
    {
        using var brief = new TestBench(new() { Settings = new SettlementSettings { PunctuationInterval = TimeSpan.FromHours(1), Retention = TimeSpan.FromDays(2) } });
        brief.Put(new(42));
        var id = brief.Hold("merchant:437");
        brief.Advance(TimeSpan.FromDays(2));
        brief.Delete(42);
        brief.Advance(TimeSpan.FromDays(10));
        Assert.Equal(1, brief.Tallies.Clock.Known);
        brief.Put(new ShopOrder(42) { CompletedAt = brief.Now });
        brief.Advance(TimeSpan.FromDays(2));
        Assert.Single(brief.Events(42).OfType<SettlementHeld>());
        brief.Delete(42);
        brief.Release(id);
        brief.Advance(TimeSpan.FromDays(10));
        Assert.Equal(0, brief.Tallies.Clock.Known);
    }
}
