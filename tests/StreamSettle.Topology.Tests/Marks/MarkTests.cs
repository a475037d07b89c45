namespace StreamSettle.Topology.Tests.Marks;

/// <summary>When an order is due, and that it is never early.</summary>
public sealed class MarkTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_mark_that_lies_later_when_it_passes_is_rescheduled_and_never_fired_early()
    {
        bench.Put(order);
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.PassMark();
        Assert.Equal(["SettlementScheduled", "SettlementRescheduled"], bench.Told(42));
        Assert.Equal("2026-11-03T00:00:00Z", bench.Only<SettlementRescheduled>(42).DueAt);
        Assert.Empty(bench.Sent(42));
        bench.Advance(TimeSpan.FromHours(23));
        Assert.Empty(bench.Sent(42));
        bench.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, bench.Sent(42).Length);
        Assert.Equal("2026-11-03T00:00:00Z", bench.Only<SettlementDue>(42).DueAt);
    }

    [Fact]
    public void A_mark_that_became_earlier_is_told_with_its_own_time_when_the_old_one_passes()
    {
        bench.Put(order);
        bench.PutMerchant(TestBench.Merchant, "FAST");
        bench.PassMark();
        Assert.Equal("2026-11-01T01:00:00Z", bench.Only<SettlementRescheduled>(42).DueAt);
        Assert.Equal("2026-11-01T01:00:00Z", bench.Only<SettlementDue>(42).DueAt);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_tier_that_changes_back_and_forth_gives_every_move_its_own_fact()
    {
        bench.Put(order);
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.PassMark();
        bench.PutMerchant(TestBench.Merchant);
        bench.Advance(TestBench.Day);
        Assert.Equal(["2026-11-03T00:00:00Z", "2026-11-02T00:00:00Z"], bench.Events(42).OfType<SettlementRescheduled>().Select(moved => moved.DueAt));
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_mark_that_moves_after_the_clock_gave_the_order_away_is_kept_by_settle()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.Put(order);
        Assert.Equal("2026-11-03T00:00:00Z", bench.Only<SettlementRescheduled>(42).DueAt);
        bench.Advance(TimeSpan.FromHours(23));
        Assert.Empty(bench.Sent(42));
        bench.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, bench.Sent(42).Length);
        Assert.Equal(["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"], bench.Events(42).OfType<SettlementDue>().Select(due => due.DueAt));
    }

    [Fact]
    public void A_replayed_order_whose_mark_lies_later_by_now_waits_for_it()
    {
        bench.Put(order with { Merchant = 999 });
        bench.PassMark();
        bench.PutMerchant(999, "SLOW");
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal("2026-11-03T00:00:00Z", bench.Only<SettlementRescheduled>(42).DueAt);
        Assert.Empty(bench.Sent(42));
        bench.Advance(TestBench.Day);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void Tier_and_promoters_count_as_they_are_known_at_the_calculation()
    {
        bench.Put(order);
        bench.PutMerchant(TestBench.Merchant, "KA");
        bench.PutPromoter(9002, null);
        bench.PassMark();
        var calculated = bench.Only<SettlementCalculated>(42);
        Assert.True(calculated.Priority);
        Assert.Equal(["promoter:9001", "promoter:9002"], calculated.Lines.Select(line => line.Party).Where(party => party.StartsWith("promoter", StringComparison.Ordinal)));
        Assert.All(bench.Calls(), call => Assert.Equal(Lane.Priority, call.Lane));
    }

    [Fact]
    public void Not_a_microsecond_early()
    {
        using var quick = new TestBench(new() { Settings = new() { PunctuationInterval = TimeSpan.FromHours(1) } });
        quick.Put(order with { CompletedAt = TestBench.Start + TimeSpan.FromMicroseconds(1) });
        quick.Advance(TestBench.Day);
        Assert.Equal(["SettlementScheduled"], quick.Told(42));
        quick.Advance(TimeSpan.FromHours(1));
        Assert.Equal("SettlementDue", quick.Told(42)[1]);
    }

    [Fact]
    public void More_orders_than_one_punctuation_fires_are_all_fired_also_with_one_and_the_same_mark()
    {
        using var small = new TestBench(new() { Partitions = 1, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), MaxFired = 3 } });
        for (var id = 1; id <= 20; id++)
        {
            small.Put(new(id) { CompletedAt = id <= 10 ? TestBench.Start : TestBench.Start + TimeSpan.FromSeconds(id) });
        }

        small.PassMark();
        small.Advance(TimeSpan.FromMinutes(20));
        Assert.All(Enumerable.Range(1, 20), id => Assert.Equal("SettlementCompleted", small.Told(id)[^1]));
        Assert.Equal(Enumerable.Range(1, 20).Select(id => (long)id), small.Calls().Where(call => call.Key.Leg == Leg.Verification).Select(call => call.Key.Order.Value));
    }
}
