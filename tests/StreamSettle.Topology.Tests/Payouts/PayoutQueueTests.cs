
namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>Many wait, and the process may end at any time: a bounded number goes at a time, each once, none overtakes another of its merchant.</summary>
public sealed class PayoutQueueTests
{
    const string OnPayoutDays = """[{"when": {}, "calendar": "DE"}, {"when": {"category": "food"}}]""";
    const string Gathering = """[{"when": {}, "minimum": {"EUR": 340000}, "calendar": "JP"}]""";
    const int Orders = 40;

    static readonly string[] InOrder = [.. Enumerable.Range(1, Orders).Select(id => $"{id}:split:0")];

    static PayoutBench Waiting(string payouts, int maxFired = 3)
    {
        var shop = new PayoutBench(PayoutRules.With(payouts), maxFired);
        for (var id = 1; id <= Orders; id++)
        {
            shop.Bench.Put(PayoutBench.Order(id, TimeSpan.FromMinutes(60 + id)), run: false);
        }

        return shop;
    }

    [Fact]
    public void A_bounded_number_goes_at_a_time_and_what_may_go_only_now_waits_behind_them()
    {
        using var shop = Waiting(OnPayoutDays);
        shop.Until("2026-11-01T23:59:30Z");
        Assert.Equal(Orders, shop.Bench.Tallies.Settle.PayoutsWaiting);

        // No terms keep this one back, but it must not overtake.
        shop.Bench.Put(PayoutBench.Order(99, TestBench.Day + TimeSpan.FromSeconds(10)) with { Category = "food" });
        shop.Until("2026-11-02T00:02:30Z");
        Assert.InRange(shop.SplitCount, 3, 9);
        shop.Until("2026-11-02T00:30:00Z");
        Assert.Equal([.. InOrder, "99:split:0"], shop.Splits());
        Assert.Equal("earlier payouts of the merchant are being let go", shop.Bench.Only<PayoutDeferred>(99).Reason);
        Assert.Equal("nothing keeps it back any more", shop.Bench.Only<PayoutReleased>(99).Reason);
        shop.AssertNothingIsKept();
    }

    [Fact]
    public void Another_merchant_and_the_other_lane_do_not_wait_behind_them()
    {
        using var shop = Waiting(OnPayoutDays);
        shop.Bench.PutMerchant(438);
        shop.Until("2026-11-01T23:58:30Z");
        shop.Bench.Put(PayoutBench.Order(98, TestBench.Day + TimeSpan.FromSeconds(10)) with { Merchant = 438, Category = "food" });
        shop.Bench.Put(PayoutBench.Order(99, TestBench.Day + TimeSpan.FromSeconds(10)) with { Category = "food", Gross = "50000.0000" });
        shop.Until("2026-11-02T00:06:30Z");
        Assert.True(shop.SplitCount < Orders);
        Assert.Empty(shop.Bench.Events(98).OfType<PayoutDeferred>());
        Assert.Empty(shop.Bench.Events(99).OfType<PayoutDeferred>());
        shop.Until("2026-11-02T00:40:00Z");
    }

    [Theory]
    [InlineData(OnPayoutDays, false)]
    [InlineData(OnPayoutDays, true)]
    [InlineData(Gathering, false)]
    [InlineData(Gathering, true)]
    public void A_process_that_ends_in_the_middle_goes_on_where_it_was(string payouts, bool crash)
    {
        using var shop = Waiting(payouts);
        shop.Until("2026-11-01T12:00:00Z");
        Assert.Empty(shop.Splits());
        Assert.Equal(Orders, shop.Bench.Tallies.Settle.PayoutsWaiting);
        shop.Until("2026-11-01T23:59:30Z");
        for (var life = 0; life < 25; life++)
        {
            shop.Bench.Advance(TimeSpan.FromMinutes(2));
            if (crash)
            {
                shop.Bench.Driver.Crash();
            }
            else
            {
                shop.Bench.Restart();
            }
        }

        shop.Bench.Advance(TimeSpan.FromHours(1));
        Assert.Equal(InOrder, shop.Splits());
        Assert.All(Enumerable.Range(1, Orders), order => Assert.Single(shop.Bench.Events(order).OfType<PayoutReleased>()));
        shop.AssertNothingIsKept();
    }

    [Theory]
    [InlineData(OnPayoutDays)]
    [InlineData(Gathering)]
    public void A_rebuilt_state_waits_as_the_lost_one_did(string payouts)
    {
        using var shop = Waiting(payouts, maxFired: 500);
        shop.Until("2026-11-01T12:00:00Z");
        var before = shop.Seen;
        shop.IsRebuilt = true;
        shop.Bench.Rebuild([.. Enumerable.Range(1, Orders).Select(id => PayoutBench.Order(id, TimeSpan.FromMinutes(60 + id)))]);
        Assert.Equal(before.Due, shop.Seen.Due);
        Assert.Equal(before.Gathering, shop.Seen.Gathering);
        shop.Bench.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(shop.Bench.Calls(), call => call.Key.Leg == Leg.Split);
        shop.Until("2026-11-02T01:00:00Z");
        Assert.Equal(Orders, shop.Bench.Calls().Count(call => call.Key.Leg == Leg.Split));
        shop.AssertNothingIsKept();
    }

    [Fact]
    public void The_same_input_at_the_same_times_tells_the_same()
    {
        static string Told(PayoutBench shop) => string.Join('\n', Enumerable.Range(1, Orders).SelectMany(order => shop.Bench.Events(order)).Select(happened => happened.ToString()));
        using var one = Waiting(Gathering);
        using var other = Waiting(Gathering);
        one.Until("2026-11-03T00:00:00Z");
        other.Until("2026-11-03T00:00:00Z");
        Assert.Equal(Told(one), Told(other));
    }
}
