using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Holds;

/// <summary>After the calculation a hold keeps back calls that were not sent: the service's own delivery, over a scripted system, in virtual time.</summary>
public sealed class HeldCallsTests : IDisposable
{
    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);
    static readonly TimeSpan AMoment = TimeSpan.FromSeconds(5);
    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public HeldCallsTests() => bench = new(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1 });

    public void Dispose()
    {
        FoldCheck.Check(bench);
        bench.Dispose();
    }

    static ShopOrder Order(long id, int after = 0) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark + TimeSpan.FromSeconds(after) };

    string[] Posted() => [.. system.Posts.Select(post => post.Key)];

    [Theory]
    [InlineData("everything")]
    [InlineData("merchant:437")]
    [InlineData("order:42")]
    public void Calls_under_way_end_and_no_other_goes_out(string scope)
    {
        system.OnPost = (_, _) => Reply.Held;
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMoment);
        Assert.Equal(["42:verification:0"], Posted());
        var id = bench.Hold(scope);
        system.OnPost = (_, _) => Reply.Ok;
        system.Release();
        bench.Advance(AMoment);
        Assert.Equal(["42:verification:0"], Posted());
        Assert.Equal([scope], bench.HeldBy(42));
        Assert.Equal(1, bench.Tallies.Settle.Held);
        bench.Release(id);
        bench.Advance(AMoment);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0"], system.Effects);
        Assert.Empty(bench.HeldBy(42));
    }

    [Fact]
    public void A_system_that_is_held_gets_nothing_and_the_others_go_on()
    {
        var id = bench.Hold("downstream:tax");
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMoment);
        Assert.Equal(["42:verification:0", "42:split:0", "42:commission:0"], Posted());
        Assert.Equal(["downstream:tax"], bench.HeldBy(42));
        Assert.Equal("looked into", bench.Only<SettlementHeld>(42).Reason);
        bench.Release(id);
        bench.Advance(AMoment);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void An_order_that_is_held_lets_those_behind_it_go()
    {
        system.OnPost = (key, _) => key == "42:split:0" ? Reply.Of(503) : Reply.Ok;
        bench.Put(Order(42));
        bench.Put(Order(43, after: 1));
        bench.Advance(UntilMark + TimeSpan.FromMilliseconds(2_500));
        var id = bench.Hold("order:42");
        system.OnPost = (_, _) => Reply.Ok;
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("SettlementCompleted", bench.Told(43)[^1]);
        Assert.DoesNotContain("42:split:0", system.Effects);
        bench.Restart();
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("42:split:0", system.Effects);
        bench.Release(id);
        bench.Advance(AMoment);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Single(system.Effects, effect => effect == "42:split:0");
    }

    [Fact]
    public void Every_order_of_a_merchant_that_waits_in_its_lane_says_that_it_is_held()
    {
        system.OnPost = (_, _) => Reply.Held;
        foreach (var order in Enumerable.Range(1, 5))
        {
            bench.Put(Order(order));
        }

        bench.Advance(UntilMark + AMoment);
        var id = bench.Hold("merchant:437");
        system.OnPost = (_, _) => Reply.Ok;
        system.Release();
        bench.Advance(AMoment);
        Assert.Equal(["1:verification:0"], Posted());
        Assert.All(Enumerable.Range(1, 5), order => Assert.Equal(["merchant:437"], bench.HeldBy(order)));
        bench.Release(id);
        bench.Advance(AMoment);
        Assert.All(Enumerable.Range(1, 5), order => Assert.Equal("SettlementCompleted", bench.Told(order)[^1]));
        Assert.Equal(["1:split:0", "2:split:0", "3:split:0", "4:split:0", "5:split:0"], system.Effects.Where(effect => effect.EndsWith("split:0", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_may_have_happened_is_asked_for_and_not_sent_again()
    {
        system.OnPost = (key, _) => key == "42:split:0" ? Reply.DoneButLost : key == "43:split:0" ? Reply.Vanished : Reply.Ok;
        system.OnGet = (_, _) => Reply.Of(503);
        bench.PutMerchant(438);
        bench.Put(Order(42));
        bench.Put(Order(43) with { Merchant = 438 });
        bench.Advance(UntilMark);
        while (system.Gets.Distinct().Count() < 2)
        {
            bench.Advance(TimeSpan.FromMilliseconds(100));
        }

        var id = bench.Hold("everything");
        (system.OnPost, system.OnGet) = ((_, _) => Reply.Ok, (_, _) => null);
        var posted = Posted().Length;
        bench.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(posted, Posted().Length);
        Assert.Contains(bench.Events(42).OfType<DeliveryConfirmed>(), confirmed => confirmed.Leg == "split");
        Assert.DoesNotContain(bench.Events(43).OfType<DeliveryConfirmed>(), confirmed => confirmed.Leg == "split");
        bench.Release(id);
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.All([42, 43], order => Assert.Equal("SettlementCompleted", bench.Told(order)[^1]));
    }

    [Fact]
    public void A_hold_that_expires_lets_calls_go()
    {
        bench.Hold("downstream:split", until: bench.Now + UntilMark + TimeSpan.FromMinutes(1));
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMoment);
        Assert.DoesNotContain("42:split:0", Posted());
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HoldEnding.ByExpiry, bench.Only<SettlementReleased>(42).By);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_replayed_call_waits_and_a_discarded_one_is_given_up()
    {
        system.OnPost = (key, _) => key.Contains(":verification:", StringComparison.Ordinal) ? Reply.Of(422, "no") : Reply.Ok;
        bench.Put(Order(42));
        bench.Put(Order(43));
        bench.Advance(UntilMark + AMoment);
        var id = bench.Hold("merchant:437");
        system.OnPost = (_, _) => Reply.Ok;
        var posted = Posted().Length;
        bench.Replay("42:verification:0");
        bench.Discard("43:verification:0", "paid by hand");
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(posted, Posted().Length);
        Assert.Equal(["merchant:437"], bench.HeldBy(42));
        Assert.Equal("SettlementCompleted", bench.Told(43)[^1]);
        bench.Release(id);
        bench.Advance(AMoment);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_refund_while_calls_are_held_is_taken_back_after_them()
    {
        var id = bench.Hold("downstream:split");
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMoment);
        bench.Put(Order(42) with { Refunded = "19.0000" });
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(bench.Events(42).OfType<ReversalRequested>());
        Assert.DoesNotContain("42:split:1", Posted());
        bench.Release(id);
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Equal(["42:split:0", "42:split:1"], system.Effects.Where(effect => effect.Contains(":split:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_restart_while_calls_are_held_sends_none_of_them()
    {
        bench.Hold("merchant:437");
        var tax = bench.Hold("downstream:tax");
        bench.Put(Order(42));
        bench.Put(Order(43) with { Merchant = 438 });
        bench.PutMerchant(438);
        bench.Advance(UntilMark + AMoment);
        bench.Restart();
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["43:verification:0", "43:split:0", "43:commission:0"], Posted());
        bench.Driver.Crash();
        bench.Release(tax);
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("SettlementCompleted", bench.Told(43)[^1]);
        Assert.Empty(bench.Events(42).OfType<SettlementCalculated>());
    }
}
