using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Tests.Tallies;

/// <summary>The dashboard's running numbers.</summary>
public sealed class TalliesTests
{
    [Fact]
    public void Orders_are_counted_where_they_stand_and_a_restart_keeps_the_numbers()
    {
        using var bench = new TestBench();
        bench.Delivery.Script = key => key.Order.Value == 4 ? [] : [DeliveryOutcome.Confirmed];
        bench.Put(new(1));
        bench.Put(new(2));
        bench.Put(new ShopOrder(2) { Status = OrderStatus.Cancelled });
        bench.Put(new ShopOrder(3) { CompletedAt = null });
        bench.Put(new(4));
        bench.Put(new ShopOrder(5) { Currency = "XXX" });
        bench.Put(new ShopOrder(6) { CompletedAt = TestBench.Start + TimeSpan.FromDays(5) });
        Assert.Equal(new ClockTotals(Known: 6, Scheduled: 4, HandedOver: 0, Cancelled: 1, Refused: 1, NotOurs: 0), bench.Tallies.Clock);

        bench.PassMark();
        bench.Put(new ShopOrder(1) { Refunded = "10.0000" });
        bench.PutWhole(new ShopOrder(1) { Refunded = "500.0000" });
        CheckAtTheEnd(bench.Tallies);
        bench.Restart();
        bench.Advance(TimeSpan.FromMinutes(1));
        CheckAtTheEnd(bench.Tallies);
        bench.Driver.Crash();
        bench.Advance(TimeSpan.FromMinutes(1));
        CheckAtTheEnd(bench.Tallies);
    }

    [Fact]
    public void Dead_letters_are_counted_by_kind_as_they_come_and_what_waits_now_over_restarts()
    {
        using var bench = new TestBench();
        bench.Put(new(1));
        bench.Put(new ShopOrder(2) { Currency = "XXX" });
        bench.Put(new ShopOrder(3) { CompletedAt = null });
        bench.PassMark();
        Assert.Equal([("calculation", "no_completed_at", 1L), ("calculation", "unknown_currency", 1L)], SoFar());
        Assert.Equal((2, 2, 0), (bench.Tallies.DeadLetters.Now, bench.Tallies.DeadLetters.NowAt("calculation"), bench.Tallies.DeadLetters.NowAt("split")));

        bench.Put(new ShopOrder(3) { CompletedAt = TestBench.Start });
        Assert.Equal(1, bench.Tallies.DeadLetters.Now);
        bench.Restart();
        Assert.Equal((1, 1), (bench.Tallies.DeadLetters.Now, bench.Tallies.DeadLetters.NowAt("calculation")));

        IEnumerable<(string, string, long)> SoFar() => bench.Tallies.DeadLetters.SoFar.Select(count => (count.Stage, count.Kind, count.SoFar)).Order();
    }

    static void CheckAtTheEnd(SettlementTallies tallies)
    {
        Assert.Equal(new ClockTotals(Known: 6, Scheduled: 1, HandedOver: 3, Cancelled: 1, Refused: 1, NotOurs: 0), tallies.Clock);
        Assert.Equal(
            new SettleTotals(Waiting: 0, Calculated: 2, UnderWay: 1, Completed: 1, Cancelled: 0, Refused: 2) { ReversalsRequested = 1, ReversalsCompleted = 1 }, tallies.Settle);
        Assert.Equal(2, tallies.Lateness.Count);
    }

    [Fact]
    public void Lateness_is_that_of_orders_that_were_known_before_their_mark()
    {
        using var bench = new TestBench();
        bench.Put(new(1));
        bench.Put(new ShopOrder(2) { CompletedAt = TestBench.Start - TestBench.Day });
        bench.PassMark();
        Assert.Equal(2, bench.Tallies.Settle.Calculated);
        Assert.Equal(1, bench.Tallies.Lateness.Count);
        Assert.InRange(bench.Tallies.Lateness.P99Ms!.Value, 60_000, 5 * 60_000);
    }

    [Fact]
    public void Buckets_grow_with_the_lateness_and_are_at_most_a_quarter_too_high()
    {
        var before = -1;
        for (long ms = 0; ms < 3_000_000_000; ms += 1 + ms / 16)
        {
            var bucket = LatenessBuckets.Of(TimeSpan.FromMilliseconds(ms));
            Assert.InRange(bucket, before, LatenessBuckets.Count - 1);
            if (ms <= int.MaxValue)
            {
                Assert.InRange(LatenessBuckets.EndMs(bucket), ms, ms + ms / 4 + 1);
            }

            before = bucket;
        }

        Assert.Equal(0, LatenessBuckets.Of(-TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Percentiles_of_few_and_of_none()
    {
        var buckets = new long[LatenessBuckets.Count];
        Assert.Null(LatenessBuckets.PercentileMs(buckets, 0.99));
        buckets[0] = 99;
        buckets[LatenessBuckets.Of(TimeSpan.FromSeconds(1))] = 1;
        Assert.Equal(0, LatenessBuckets.PercentileMs(buckets, 0.99));
        Assert.InRange(LatenessBuckets.PercentileMs(buckets, 0.999)!.Value, 1000, 1250);
    }
}
