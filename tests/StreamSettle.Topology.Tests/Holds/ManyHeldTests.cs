using StreamSettle.Topology.Settle;
using StreamSettle.Topology.Tests.Lives;
using StreamSettle.Topology.Tests.Payouts;

namespace StreamSettle.Topology.Tests.Holds;

/// <summary>Many orders are held while holds come and go: what is due and nobody holds goes on, and what is released keeps its order.</summary>
public sealed class ManyHeldTests : IDisposable
{
    const long Other = 438;
    const int Held = 200;

    // One look at a held order in a punctuation, so that to look at all takes longer than the test.
    readonly TestBench bench = new(new() { Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), MaxSwept = 1 } });

    public void Dispose()
    {
        FoldCheck.Check(bench);
        bench.Dispose();
    }

    string HoldMany()
    {
        bench.PutMerchant(Other);
        var id = bench.Hold("merchant:437");
        for (var order = 1; order <= Held; order++)
        {
            bench.Put(new(order) { CompletedAt = TestBench.Start - TimeSpan.FromMinutes(order) }, run: false);
        }

        bench.PassMark();
        bench.Advance(TimeSpan.FromMinutes(Held + 10));
        Assert.Equal(Held, bench.Tallies.Settle.Held);
        return id;
    }

    bool IsDivided(long order) => bench.Told(order).Contains("SettlementCalculated");

    [Fact]
    public void The_end_of_a_hold_on_somebody_else_keeps_nothing_back()
    {
        HoldMany();
        var other = bench.Hold("merchant:999");
        bench.Advance(TimeSpan.FromMinutes(2));
        bench.Put(new(1_000) { Merchant = Other });
        bench.Release(other);
        bench.Advance(2 * TestBench.Settling);
        Assert.True(IsDivided(1_000));
    }

    [Fact]
    public void Holds_that_keep_coming_keep_back_what_they_hold_and_nothing_else()
    {
        HoldMany();
        bench.Put(new(1_000) { Merchant = Other });
        for (var minute = 0; minute < 10; minute++)
        {
            bench.Hold($"order:{2_000 + minute}");
            bench.Hold("merchant:437");
            bench.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.True(IsDivided(1_000));
    }

    [Fact]
    public void A_released_merchants_orders_go_by_their_marks_while_other_holds_change_and_none_of_it_overtakes_them()
    {
        var id = HoldMany();
        bench.Put(new(1_000) { CompletedAt = TestBench.Start });
        bench.Advance(TestBench.Settling);
        Assert.Equal(["merchant:437"], bench.HeldBy(1_000));
        bench.Release(id);
        bench.Put(new(1_001) { CompletedAt = TestBench.Start + TimeSpan.FromMinutes(1) });
        for (var minute = 0; minute < Held + 10; minute++)
        {
            bench.Hold($"order:{2_000 + minute}");
            bench.Advance(TimeSpan.FromMinutes(1));
        }

        bench.Advance(TestBench.Settling);
        var orders = bench.Calls().Where(call => call.Key.Leg == Leg.Verification).Select(call => call.Key.Order.Value);
        Assert.Equal([.. Enumerable.Range(1, Held).Select(order => (long)order).Reverse(), 1_000, 1_001], orders);
    }

    [Fact]
    public void A_hold_that_came_and_went_between_two_looks_leaves_nobody_held()
    {
        var (changed, before) = (new ChangedHolds(), bench.Holds.Current);
        changed.Clear();
        bench.Release(bench.Hold("order:43"));
        changed.Add(before, bench.Now, bench.Holds.Current, bench.Now);
        Assert.Equal((true, true, false), (changed.LetsGo, changed.Concern(new(43), new(437)), changed.Concern(new(42), new(437))));

        bench.Put(new(42));
        bench.PassMark();
        bench.Put(new(43));
        bench.Driver.AdvanceTime(TimeSpan.FromSeconds(59));
        bench.Release(bench.Hold("order:43"));
        bench.Advance(2 * TestBench.Settling);
        Assert.True(IsDivided(43));
        Assert.Empty(bench.HeldBy(43));
    }

    [Fact]
    public void An_entry_from_before_merchants_were_kept_in_it_concerns_every_change()
    {
        var (store, changed) = (new SortedStore(), new ChangedHolds());
        var held = new HeldOrders(store);
        held.Move(new(42), new(437), null, TestBench.Start);
        using (var scan = held.From(UtcInstant.MinValue, new(long.MinValue)))
        {
            Assert.True(scan.MoveNext());
            Assert.Equal(437, HeldOrders.MerchantOf(scan.Value)!.Value.Value);
            store.Put(scan.Key.ToArray(), [1]);
        }

        using var old = held.From(UtcInstant.MinValue, new(long.MinValue));
        Assert.True(old.MoveNext());
        Assert.Null(HeldOrders.MerchantOf(old.Value));
        changed.Clear();
        Assert.False(changed.Any);
        changed.Add(HoldScope.Of(new MerchantId(438)), HoldSet.Empty, TestBench.Start);
        Assert.True(changed.LetsGo);
        Assert.Equal((true, false, true), (changed.Concern(new(42), null), changed.Concern(new(42), new(437)), changed.Concern(new(42), new(438))));
    }
}
