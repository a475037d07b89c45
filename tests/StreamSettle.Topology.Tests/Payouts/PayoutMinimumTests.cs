namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>A merchant's splits wait until their sum is worth a payout. The merchant gets 86.00 EUR of the bench's ordinary order.</summary>
public sealed class PayoutMinimumTests
{
    const string TwoHundred = """[{"when": {}, "minimum": {"EUR": 20000, "JPY": 20000}}]""";

    static ShopOrder Order(long id, int minute) => PayoutBench.Order(id, TimeSpan.FromMinutes(60 + minute));

    [Fact]
    public void They_go_together_when_the_sum_reaches_the_minimum_the_older_mark_first()
    {
        using var shop = new PayoutBench(TwoHundred);
        shop.Settle(Order(3, 0));
        shop.Settle(Order(1, 10));
        Assert.Empty(shop.Splits());
        var deferred = shop.Bench.Only<PayoutDeferred>(1);
        Assert.Equal((null, 20_000L, null), (deferred.PayableAt, deferred.Minimum, deferred.LatestAt));
        Assert.Equal("the merchant's shares in EUR that wait must come to 200.00 EUR (rule: every order)", deferred.Reason);
        var waiting = Assert.Single(shop.Seen.Gathering);
        Assert.Equal((437L, "EUR", 2L, (Int128)17_200, 20_000L, null), (waiting.Merchant.Value, waiting.Currency.ToString(), waiting.Sum.Count, waiting.Sum.Sum, waiting.Minimum, waiting.LatestAt));
        Assert.Equal(2, shop.Bench.Tallies.Settle.PayoutsWaiting);

        shop.Settle(Order(2, 20));
        Assert.Equal(["3:split:0", "1:split:0", "2:split:0"], shop.Splits());
        Assert.All([1, 2, 3], order => Assert.Equal("SettlementCompleted", shop.Bench.Told(order)[^1]));
        Assert.Equal("the merchant's shares that wait come to 200.00 EUR or more", shop.Bench.Only<PayoutReleased>(3).Reason);
        shop.AssertNothingIsKept();
    }

    [Fact]
    public void One_that_is_enough_by_itself_waits_for_nothing_and_exactly_enough_is_enough()
    {
        using var shop = new PayoutBench("""[{"when": {}, "minimum": {"EUR": 8600}}]""");
        shop.Settle(Order(1, 0));
        Assert.Equal("SettlementCompleted", shop.Bench.Told(1)[^1]);
        Assert.Empty(shop.Bench.Events(1).OfType<PayoutDeferred>());

        using var more = new PayoutBench("""[{"when": {}, "minimum": {"EUR": 17200}}]""");
        more.Settle(Order(1, 0));
        Assert.Empty(more.Splits());
        more.Settle(Order(2, 10));
        Assert.Equal(2, more.SplitCount);
    }

    [Fact]
    public void A_great_one_joins_those_that_wait_and_all_go_in_their_order()
    {
        using var shop = new PayoutBench("""[{"when": {}, "minimum": {"EUR": 10000}}]""");
        shop.Settle(Order(1, 0));
        shop.Settle(Order(2, 10) with { Gross = "500.0000" });
        Assert.Equal(["1:split:0", "2:split:0"], shop.Splits());
    }

    [Fact]
    public void Currencies_and_merchants_are_never_added()
    {
        using var shop = new PayoutBench(TwoHundred);
        shop.Bench.PutMerchant(438);
        shop.Settle(Order(1, 0));
        shop.Settle(Order(2, 10));
        shop.Settle(Order(3, 20) with { Merchant = 438 });
        shop.Settle(Order(4, 30) with { Currency = "JPY", Gross = "10000", Shipping = "0" });
        shop.Settle(Order(5, 40) with { Currency = "GBP" });
        Assert.Equal(["5:split:0"], shop.Splits());
        Assert.Equal(3, shop.Seen.Gathering.Count);
        shop.Settle(Order(6, 50) with { Currency = "JPY", Gross = "20000", Shipping = "0" });
        Assert.Equal(["5:split:0", "4:split:0", "6:split:0"], shop.Splits().Order(StringComparer.Ordinal).OrderByDescending(key => key[0] == '5'));
    }

    [Fact]
    public void After_the_longest_wait_of_one_all_go_however_few_they_are()
    {
        using var shop = new PayoutBench("""[{"when": {}, "minimum": {"EUR": 100000}, "maxWait": "P2D"}]""");
        shop.Settle(Order(1, 0));
        shop.Settle(Order(2, 600));
        var latest = UtcInstant.Parse(shop.Bench.Only<PayoutDeferred>(1).LatestAt!);
        Assert.InRange(latest - UtcInstant.Parse(shop.Bench.Only<SettlementCalculated>(1).RecordedAt), TimeSpan.FromDays(2), TimeSpan.FromDays(2) + PayoutBench.AMoment);
        shop.Until(latest - TimeSpan.FromMicroseconds(1));
        Assert.Empty(shop.Splits());
        shop.Until(latest + PayoutBench.AMoment);
        Assert.Equal(["1:split:0", "2:split:0"], shop.Splits());
        Assert.StartsWith("one of the merchant's shares has waited until", shop.Bench.Only<PayoutReleased>(2).Reason, StringComparison.Ordinal);
        shop.AssertNothingIsKept();
    }

    [Fact]
    public void Enough_on_a_day_off_goes_on_the_next_payout_day()
    {
        using var shop = new PayoutBench("""[{"when": {}, "minimum": {"EUR": 17000}, "calendar": "DE"}]""");
        shop.Settle(Order(1, 0));
        shop.Settle(Order(2, 10));
        Assert.Empty(shop.Splits());
        Assert.Equal([null, "2026-11-02T00:00:00Z"], shop.Bench.Events(1).OfType<PayoutDeferred>().Select(told => told.PayableAt));
        Assert.Empty(shop.Seen.Gathering);

        // What comes after it begins to gather anew.
        shop.Settle(Order(3, 20));
        shop.Until("2026-11-02T00:05:00Z");
        Assert.Equal(["1:split:0", "2:split:0"], shop.Splits());
        Assert.Equal(1, Assert.Single(shop.Seen.Gathering).Sum.Count);
    }

    [Fact]
    public void The_lowest_minimum_of_those_that_wait_is_enough_for_all()
    {
        using var shop = new PayoutBench(PayoutRules.Of(
            [], ("""[{"when": {}, "minimum": {"EUR": 100000}}]""", "2020-01-01T00:00:00Z"), ("""[{"when": {}, "minimum": {"EUR": 20000}}]""", "2026-10-31T03:00:00Z")));
        shop.Settle(Order(1, 0));
        shop.Settle(Order(2, 10));
        shop.Settle(Order(3, 20));
        Assert.Empty(shop.Splits());
        shop.Settle(Order(4, 200));
        Assert.Equal(["1:split:0", "2:split:0", "3:split:0", "4:split:0"], shop.Splits());
    }

    [Fact]
    public void A_refund_meanwhile_is_taken_back_after_the_payout_and_counts_no_less()
    {
        using var shop = new PayoutBench(TwoHundred);
        shop.Settle(Order(1, 0));
        shop.Settle(Order(2, 10));
        shop.Bench.PutWhole(Order(1, 0) with { Refunded = "19.0000" });
        Assert.Single(shop.Bench.Events(1).OfType<ReversalRequested>());
        Assert.Empty(shop.Bench.Events(1).OfType<ReversalCalculated>());
        shop.Settle(Order(3, 20));
        Assert.Equal(3, shop.SplitCount);
        Assert.Equal("ReversalCompleted", shop.Bench.Told(1)[^1]);
    }

    [Fact]
    public void What_a_person_holds_is_given_to_delivery_which_keeps_it()
    {
        using var shop = new PayoutBench("""[{"when": {}, "calendar": "DE"}]""");
        shop.Settle(Order(1, 0));
        var hold = shop.Bench.Hold("merchant:437");
        shop.Settle(Order(2, 10));
        shop.Until("2026-11-02T00:05:00Z");
        Assert.Equal(["1:split:0"], shop.Splits());
        shop.Bench.Release(hold);
        shop.Bench.Advance(PayoutBench.AMoment);
        Assert.Equal(["1:split:0", "2:split:0"], shop.Splits());
    }
}
