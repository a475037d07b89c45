namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>A calendar keeps the split back, and nothing else, until the next payout day of the merchant begins.</summary>
public sealed class PayoutDaysTests
{
    const string OnPayoutDays = """[{"when": {}, "calendar": "DE"}]""";
    const string BeforeFour = """[{"when": {}, "calendar": "DE", "cutOff": "16:00"}]""";

    [Fact]
    public void A_split_of_a_sunday_goes_when_monday_begins_and_the_tax_at_once()
    {
        using var shop = new PayoutBench(OnPayoutDays);
        shop.Settle(PayoutBench.Order(42, TimeSpan.FromHours(10)));
        Assert.Equal(
            ["SettlementScheduled", "SettlementDue", "SettlementCalculated", "DeliveryConfirmed", "PayoutDeferred", "DeliveryConfirmed"], shop.Bench.Told(42));
        Assert.Equal(["42:verification:0", "42:tax:0"], shop.Bench.Sent(42));
        var deferred = shop.Bench.Only<PayoutDeferred>(42);
        Assert.Equal(("42:split:0", 8600L, "EUR", "2026-11-02T00:00:00Z", "2026-11-01 in UTC is Sunday by calendar DE"), (deferred.Key, deferred.Amount, deferred.Currency, deferred.PayableAt, deferred.Reason));
        Assert.Equal(1, shop.Bench.Tallies.Settle.PayoutsWaiting);
        Assert.Equal([("2026-11-02T00:00:00Z", "EUR", 1L, (Int128)8600)], shop.Seen.Due.Select(due => (due.At.ToString()!, due.Currency.ToString(), due.Sum.Count, due.Sum.Sum)));

        shop.Until("2026-11-01T23:59:59.999999Z");
        Assert.Empty(shop.Splits());
        shop.Until("2026-11-02T00:05:00Z");
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
        Assert.Equal("it is a payout day", shop.Bench.Only<PayoutReleased>(42).Reason);
        shop.AssertNothingIsKept();
    }

    [Theory]
    [InlineData("2026-11-02T00:00:00Z", null)]
    [InlineData("2026-11-02T14:50:00Z", null)]
    [InlineData("2026-11-02T15:00:00Z", "2026-11-02T23:00:00Z")]
    [InlineData("2026-11-02T23:30:00Z", null)]
    // The Thursday is a holiday.
    [InlineData("2026-11-04T15:00:00Z", "2026-11-05T23:00:00Z")]
    [InlineData("2026-11-06T15:30:00Z", "2026-11-08T23:00:00Z")]
    public void The_cut_off_is_the_merchants(string mark, string? until)
    {
        using var shop = new PayoutBench(BeforeFour);
        shop.Bench.PutMerchant(437, zone: "Europe/Berlin");
        shop.Settle(new(42) { CompletedAt = UtcInstant.Parse(mark) - TestBench.Day });
        Assert.Equal(until, shop.Bench.Events(42).OfType<PayoutDeferred>().SingleOrDefault()?.PayableAt);
        Assert.Equal(until is null ? 1 : 0, shop.SplitCount);
        if (until is not null)
        {
            shop.Until(UtcInstant.Parse(until) + PayoutBench.AMoment);
            Assert.True(UtcInstant.Parse(shop.ReleasedAt(42)) >= UtcInstant.Parse(until));
            Assert.Equal(1, shop.SplitCount);
        }
    }

    [Fact]
    public void What_could_not_go_while_the_service_stood_still_waits_for_the_next_payout_day()
    {
        using var shop = new PayoutBench(BeforeFour);
        shop.Settle(PayoutBench.Order(42, TimeSpan.FromHours(10)));
        // Down all Monday, up again in the evening.
        shop.Bench.Time.Advance(UtcInstant.Parse("2026-11-02T18:00:00Z") - shop.Bench.Now);
        shop.Bench.Restart();
        shop.Bench.Advance(PayoutBench.AMoment);
        Assert.Empty(shop.Splits());
        Assert.Equal(["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"], shop.Bench.Events(42).OfType<PayoutDeferred>().Select(told => told.PayableAt));
        shop.Until("2026-11-03T00:05:00Z");
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
    }

    [Fact]
    public void The_calendar_may_be_that_of_the_merchants_country()
    {
        using var shop = new PayoutBench("""[{"when": {}, "calendar": "MERCHANT_COUNTRY"}]""");
        shop.Bench.PutMerchant(438, country: "JP", zone: "Asia/Tokyo");
        shop.Bench.Put(PayoutBench.Order(42, TimeSpan.FromHours(10)));
        shop.Settle(PayoutBench.Order(43, TimeSpan.FromHours(10)) with { Merchant = 438 });
        Assert.Equal("2026-11-01T15:00:00Z", shop.Bench.Only<PayoutDeferred>(43).PayableAt);
        Assert.Equal("2026-11-02T00:00:00Z", shop.Bench.Only<PayoutDeferred>(42).PayableAt);
    }

    [Fact]
    public void A_rule_without_terms_lets_its_merchant_go_at_once()
    {
        using var shop = new PayoutBench("""[{"when": {}, "calendar": "DE"}, {"when": {"merchantId": 437}}]""");
        shop.Settle(PayoutBench.Order(42, TimeSpan.FromHours(10)));
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
        Assert.Empty(shop.Bench.Events(42).OfType<PayoutDeferred>());
        Assert.Null(shop.Bench.Only<SettlementCalculated>(42).Payout);
    }

    [Fact]
    public void A_merchant_whose_place_is_not_known_waits_until_its_row_says_it()
    {
        using var shop = new PayoutBench("""[{"when": {}, "calendar": "MERCHANT_COUNTRY"}]""");
        shop.Bench.PutMerchant(437, country: "XK", zone: "Europe/Pristina");
        shop.Settle(PayoutBench.Order(42, TimeSpan.FromHours(34)));
        Assert.Equal((null, "there is no calendar 'XK'; add it to the folder calendars beside the rule sets, and restart"), (shop.Bench.Only<PayoutDeferred>(42).PayableAt, shop.Bench.Only<PayoutDeferred>(42).Reason));
        Assert.Equal([null], shop.Seen.Due.Select(due => due.At));
        shop.Bench.PutMerchant(437, country: "DE", zone: "Europe/Pristina");
        shop.Bench.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith("the merchant's time zone 'Europe/Pristina' is no IANA name", shop.Bench.Events(42).OfType<PayoutDeferred>().Last().Reason, StringComparison.Ordinal);
        shop.Bench.PutMerchant(437, country: "DE", zone: "Europe/Belgrade");
        shop.Bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
        shop.AssertNothingIsKept();
    }

    [Fact]
    public void A_calendar_that_has_ended_keeps_splits_back_until_a_year_is_added()
    {
        using var shop = new PayoutBench("""[{"when": {}, "calendar": "DE"}]""");
        shop.Bench.Time.Advance(UtcInstant.Parse("2026-12-31T12:00:00Z") - shop.Bench.Now);
        shop.Bench.Restart();
        shop.Settle(new(42) { CompletedAt = UtcInstant.Parse("2026-12-31T22:00:00Z") });
        Assert.StartsWith("calendar 'DE' says nothing about 2027", shop.Bench.Only<PayoutDeferred>(42).Reason, StringComparison.Ordinal);
        shop.Bench.Advance(TimeSpan.FromDays(4));
        Assert.Empty(shop.Splits());
        Assert.Single(shop.Bench.Events(42).OfType<PayoutDeferred>());

        shop.Restart(PayoutRules.With("""[{"when": {}, "calendar": "DE"}]""", PayoutRules.Germany("""{"2026": {"holidays": {}}, "2027": {"holidays": {}}}""")));
        shop.Until("2027-01-06T12:00:00Z");
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
    }

    [Fact]
    public void Terms_are_those_of_the_calculation_and_days_those_that_are_known_now()
    {
        var (calendar, other) = ("""[{"when": {}, "calendar": "DE"}]""", """[{"when": {}}]""");
        using var shop = new PayoutBench(PayoutRules.With(calendar));
        shop.Settle(PayoutBench.Order(42, TimeSpan.FromHours(10)));

        // A later version has no calendar any more, and Monday has become a holiday.
        shop.Restart(PayoutRules.Of(
            [PayoutRules.Germany("""{"2026": {"holidays": {"2026-11-02": "Inventory"}}}""")], (calendar, "2020-01-01T00:00:00Z"), (other, "2026-10-31T12:00:00Z")));
        shop.Settle(PayoutBench.Order(43, TimeSpan.FromHours(14)));
        Assert.Equal(["43:split:0"], shop.Splits());
        shop.Until("2026-11-02T23:59:59Z");
        Assert.Equal(["43:split:0"], shop.Splits());
        Assert.Equal(["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"], shop.Bench.Events(42).OfType<PayoutDeferred>().Select(told => told.PayableAt));
        shop.Until("2026-11-03T00:05:00Z");
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
    }

    [Fact]
    public void While_the_clock_cannot_be_trusted_nobody_knows_the_day()
    {
        using var shop = new PayoutBench("""[{"when": {}, "calendar": "DE"}]""");
        shop.Bench.Delivery.Script = key => key.Leg == Leg.Verification ? [] : [DeliveryOutcome.Confirmed];
        shop.Settle(PayoutBench.Order(42, TimeSpan.FromHours(10)));
        shop.Bench.Time.JumpWall(TimeSpan.FromDays(1));
        shop.Bench.Confirm("42:verification:0");
        Assert.Equal((null, "the wall clock has jumped, so nobody knows what day it is"), (shop.Bench.Only<PayoutDeferred>(42).PayableAt, shop.Bench.Only<PayoutDeferred>(42).Reason));
        shop.Bench.Time.JumpWall(-TimeSpan.FromDays(1));
        shop.Bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(shop.Splits());
        Assert.Equal("2026-11-02T00:00:00Z", shop.Bench.Events(42).OfType<PayoutDeferred>().Last().PayableAt);

        // Neither does a jump over the day let anything go.
        shop.Bench.Time.JumpWall(TimeSpan.FromDays(1));
        shop.Bench.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(shop.Splits());
        shop.Bench.Time.JumpWall(-TimeSpan.FromDays(1));
        shop.Until("2026-11-02T00:05:00Z");
        Assert.Equal("SettlementCompleted", shop.Bench.Told(42)[^1]);
    }

    [Fact]
    public void A_payout_waits_for_no_source_that_is_silent()
    {
        var book = PayoutRules.With("""[{"when": {}, "calendar": "DE"}]""");
        using var bench = new TestBench(new() { Rules = book, Silence = TimeSpan.FromMinutes(30), CommitEvery = 1 });
        bench.Put(PayoutBench.Order(42, TimeSpan.FromMinutes(10)));
        bench.OpenGate();
        bench.Advance(TimeSpan.FromMinutes(20));
        Assert.Single(bench.Events(42).OfType<PayoutDeferred>());
        bench.Advance(UtcInstant.Parse("2026-11-02T00:05:00Z") - bench.Now);
        Assert.False(bench.Gate.IsOpen);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }
}
