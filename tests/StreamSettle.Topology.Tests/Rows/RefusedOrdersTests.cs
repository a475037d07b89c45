using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>What cannot be settled as it is ends as a dead letter of the leg calculation.</summary>
public sealed class RefusedOrdersTests
{
    readonly ShopOrder order = new(42);

    public static TheoryData<string, string> Bad => new()
    {
        { "gross", "bad_amount" }, { "fraction", "bad_amount" }, { "refund", "bad_amount" }, { "huge", "bad_amount" }, { "nan", "bad_amount" },
        { "currency", "unknown_currency" }, { "gold", "unknown_currency" }, { "merchant", "unknown_merchant" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void It_is_refused_at_the_mark_and_lifted_by_a_good_row(string what, string reason)
    {
        using var bench = new TestBench();
        bench.Put(Broken(what));
        bench.Advance(TimeSpan.FromHours(23));
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.PassMark();
        Assert.Equal(["SettlementScheduled", "SettlementDue", "DeliveryDeadLettered"], bench.Told(42));
        var refused = bench.Only<DeliveryDeadLettered>(42);
        Assert.Equal(("42:calculation:0", "calculation", 0, 0, reason), (refused.Key, refused.Leg, refused.N, refused.Attempt, refused.Reason));
        Assert.Equal(("calculation", 42L, reason), (bench.DeadLetter("42:calculation:0")!.Stage, bench.DeadLetter("42:calculation:0")!.OrderId, bench.DeadLetter("42:calculation:0")!.Reason));

        if (what == "merchant")
        {
            bench.PutMerchant(999);
        }

        bench.Put(order with { Merchant = what == "merchant" ? 999 : TestBench.Merchant, Promoter = null });
        bench.Advance(TestBench.Settling);
        Assert.Null(bench.DeadLetter("42:calculation:0"));
        Assert.Equal(11_900, bench.Only<SettlementCalculated>(42).Net);
        Assert.Single(bench.Events(42).OfType<SettlementDue>());
    }

    ShopOrder Broken(string what) => what switch
    {
        "gross" => order with { Gross = "0.0000", Shipping = "0.0000" },
        "fraction" => order with { Gross = "119.0001" },
        "refund" => order with { Refunded = "120.0000" },
        "huge" => order with { Gross = "92233720368547758080.0000" },
        "nan" => order with { Gross = "NaN" },
        "currency" => order with { Currency = "ABC" },
        "gold" => order with { Currency = "XAU" },
        _ => order with { Merchant = 999 },
    };

    [Fact]
    public void Without_rules_the_mark_is_a_day_after_completion()
    {
        using var bench = new TestBench(new() { Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), Retention = TimeSpan.FromDays(10_000) } });
        bench.Put(order with { CompletedAt = UtcInstant.Parse("2019-12-31T23:59:59Z") });
        Assert.Equal("2020-01-01T23:59:59Z", bench.Only<SettlementScheduled>(42).DueAt);
        bench.Advance(TestBench.Settling);
        Assert.Equal("no_rules", bench.Only<DeliveryDeadLettered>(42).Reason);
    }

    [Fact]
    public void A_missing_merchant_that_appears_is_settled_by_a_replay()
    {
        using var bench = new TestBench();
        bench.Put(order with { Merchant = 999 });
        bench.PassMark();
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal(2, bench.Events(42).OfType<DeliveryDeadLettered>().Count());

        bench.PutMerchant(999);
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Null(bench.DeadLetter("42:calculation:0"));
        Assert.Single(bench.Events(42).OfType<SettlementDue>());
    }

    [Fact]
    public void A_deleted_merchant_is_an_unknown_one()
    {
        using var bench = new TestBench();
        bench.Put(order);
        bench.DeleteMerchant(TestBench.Merchant);
        bench.PassMark();
        Assert.Equal("unknown_merchant", bench.Only<DeliveryDeadLettered>(42).Reason);
    }

    [Fact]
    public void Without_completed_at_it_is_refused_at_once_and_scheduled_when_the_row_has_one()
    {
        using var bench = new TestBench();
        bench.Put(order with { CompletedAt = null });
        Assert.Equal("no_completed_at", bench.Only<DeliveryDeadLettered>(42).Reason);
        bench.Put(order with { CompletedAt = null, Gross = "200.0000" });
        Assert.Equal(2, bench.Events(42).OfType<DeliveryDeadLettered>().Count());
        bench.Replay("42:calculation:0");
        Assert.Equal(["DeliveryReplayed", "DeliveryDeadLettered"], bench.Told(42)[^2..]);
        Assert.NotNull(bench.DeadLetter("42:calculation:0"));

        bench.Put(order);
        Assert.Equal("SettlementScheduled", bench.Told(42)[^1]);
        Assert.Null(bench.DeadLetter("42:calculation:0"));
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_completion_that_is_taken_out_after_the_mark_is_refused_and_a_replay_does_not_stop_the_stream()
    {
        using var bench = new TestBench();
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        bench.Put(order with { CompletedAt = null });
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal(["unknown_currency", "no_completed_at", "no_completed_at"], bench.Events(42).OfType<DeliveryDeadLettered>().Select(letter => letter.Reason));
        bench.Put(order);
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_discarded_order_is_given_up_after_its_mark_too()
    {
        using var bench = new TestBench();
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        bench.Discard("42:calculation:0");
        bench.Put(order);
        bench.Advance(TestBench.Settling);
        Assert.Equal("DeliveryDiscarded", bench.Told(42)[^1]);
        Assert.Empty(bench.Sent(42));
        Assert.Null(bench.DeadLetter("42:calculation:0"));
    }

    [Fact]
    public void Completed_longer_ago_than_the_retention_it_is_too_old_until_a_person_says_otherwise()
    {
        using var bench = new TestBench();
        var old = order with { CompletedAt = TestBench.Start - TimeSpan.FromDays(402) };
        bench.Put(old);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        bench.Advance(TestBench.Settling);
        Assert.Empty(bench.Sent(42));

        bench.Put(old with { Gross = "200.0000" });
        Assert.Equal(["too_old", "too_old"], bench.Events(42).OfType<DeliveryDeadLettered>().Select(letter => letter.Reason));
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal(20_000, bench.Only<SettlementCalculated>(42).Gross);
    }

    [Fact]
    public void A_too_old_order_whose_completion_was_wrong_is_scheduled_by_the_corrected_row()
    {
        using var bench = new TestBench();
        bench.Put(order with { CompletedAt = TestBench.Start - TimeSpan.FromDays(402) });
        bench.Put(order);
        Assert.Equal(["DeliveryDeadLettered", "SettlementScheduled"], bench.Told(42));
    }

    [Fact]
    public void An_order_known_as_paid_that_completes_with_an_old_date_is_too_old_as_well()
    {
        using var bench = new TestBench();
        bench.Put(order with { Status = OrderStatus.Paid, CompletedAt = null });
        bench.Put(order with { CompletedAt = TestBench.Start - TimeSpan.FromDays(402) });
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
    }

    [Fact]
    public void Orders_completed_before_CompletedSince_are_none_of_ours()
    {
        var settings = new SettlementSettings { PunctuationInterval = TimeSpan.FromMinutes(1), CompletedSince = TestBench.Start };
        using var bench = new TestBench(new() { Settings = settings });
        bench.Put(order with { CompletedAt = TestBench.Start - TimeSpan.FromMicroseconds(1) });
        bench.Put(order with { CompletedAt = TestBench.Start - TimeSpan.FromMicroseconds(1), Refunded = "5.0000" });
        bench.Put(order with { Status = OrderStatus.Disputed });
        bench.Rename(order with { Id = 50, CompletedAt = TestBench.Start - Day }, 51);
        bench.Put(new ShopOrder(43));
        bench.Put(new ShopOrder(44) { CompletedAt = null });
        bench.PassMark();
        Assert.Empty(bench.Told(42));
        Assert.Empty(bench.Told(51));
        Assert.Equal(4, bench.Sent(43).Length);
        Assert.Equal("no_completed_at", bench.Only<DeliveryDeadLettered>(44).Reason);

        // Neither an edit nor a new completion, nor the end of the retention makes it ours.
        bench.Put(order with { CompletedAt = bench.Now });
        bench.Advance(settings.Retention + (2 * Day));
        bench.Put(order with { CompletedAt = bench.Now - Day });
        bench.Advance(2 * Day);
        Assert.Empty(bench.Told(42));
    }

    static readonly TimeSpan Day = TestBench.Day;

    [Fact]
    public void Strange_ids_amounts_and_years_are_settled_like_any_other()
    {
        using var bench = new TestBench();
        bench.PutMerchant(-5);
        bench.Put(new(-42) { Merchant = -5, Promoter = -1, Carrier = -7, Gross = "92233720368547758.07", Shipping = "0.01" });
        bench.Put(new(long.MinValue) { CompletedAt = UtcInstant.Parse("9999-12-31T23:59:59.999999Z") });
        bench.Put(new(long.MaxValue) { CompletedAt = UtcInstant.Parse("0001-01-01T00:00:00Z") });
        bench.PassMark();
        Assert.Equal(long.MaxValue, bench.Only<SettlementCalculated>(-42).Lines.Sum(line => line.Amount));
        Assert.Equal("SettlementCompleted", bench.Told(-42)[^1]);
        Assert.Equal("+10000-01-01T23:59:59.999999Z", bench.Only<SettlementScheduled>(long.MinValue).DueAt);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(long.MaxValue).Reason);
    }
}
