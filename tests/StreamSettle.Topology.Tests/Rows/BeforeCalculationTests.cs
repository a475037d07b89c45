using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>"What the source may do, and what follows", the column before SettlementCalculated.</summary>
public sealed class BeforeCalculationTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_completed_order_is_scheduled_and_settled_after_its_mark()
    {
        bench.Put(order);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Equal("2026-11-02T00:00:00Z", bench.Only<SettlementScheduled>(42).DueAt);

        bench.Advance(TestBench.Day - TimeSpan.FromSeconds(1));
        Assert.Empty(bench.Sent(42));

        bench.PassMark();
        Assert.Equal(
            ["SettlementScheduled", "SettlementDue", "SettlementCalculated", "DeliveryConfirmed", "DeliveryConfirmed", "DeliveryConfirmed", "DeliveryConfirmed", "SettlementCompleted"],
            bench.Told(42));
        var lines = bench.Only<SettlementCalculated>(42).Lines.Select(line => (line.Party, line.Amount));
        Assert.Equal(
            [("tax:DE", 1900L), ("carrier:7", 900L), ("platform", 185L), ("promoter:9001", 180L), ("promoter:9002", 90L), ("promoter:9003", 45L), ("merchant:437", 8600L)],
            lines);
        Assert.Empty(bench.Only<SettlementCompleted>(42).Discarded);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_change_that_cannot_be_read_keeps_the_old_row_from_being_paid_and_the_next_readable_one_lifts_that()
    {
        bench.Put(order);
        bench.Driver.Pipe(Topics.Orders(TestBench.Prefix), TestBench.KeyOf(42), "{\"after\":{\"order_id\":42"u8, 0);
        Assert.Equal(["SettlementScheduled", "DeliveryDeadLettered"], bench.Told(42));
        Assert.Equal("unreadable_change", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Equal(42, bench.DeadLetters().Single(letter => letter.Stage == "intake").OrderId);

        bench.PassMark();
        Assert.Empty(bench.Sent(42));

        bench.Put(order);
        bench.Advance(TestBench.Settling);
        Assert.Equal(["42:verification:0", "42:split:0", "42:commission:0", "42:tax:0"], bench.Sent(42));
        Assert.Null(bench.DeadLetter("42:calculation:0"));
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_set_aside_with_its_bytes_and_the_stream_goes_on()
    {
        bench.Driver.Pipe(Topics.Orders(TestBench.Prefix), "not a key"u8, "not a change"u8, 0, partition: 0);
        bench.Put(order);

        var letter = Assert.Single(bench.DeadLetters());
        Assert.Equal(("intake", "not a change"), (letter.Stage, System.Text.Encoding.UTF8.GetString(letter.Payload)));
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
    }

    [Fact]
    public void An_order_that_is_not_completed_says_nothing()
    {
        foreach (var status in new[] { OrderStatus.Created, OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Other })
        {
            bench.Put(order with { Status = status, CompletedAt = null });
        }

        bench.PassMark();
        Assert.Empty(bench.Told(42));
    }

    public static TheoryData<string> Edits => new("gross", "shipping", "currency", "category", "promoter", "carrier", "country", "export");

    [Theory]
    [MemberData(nameof(Edits))]
    public void Edited_terms_reschedule_with_the_new_values(string column)
    {
        bench.Put(order);
        bench.Put(Edited(column));
        Assert.Equal(["SettlementScheduled", "SettlementRescheduled"], bench.Told(42));

        bench.PassMark();
        var calculated = bench.Only<SettlementCalculated>(42);
        Assert.True(column switch
        {
            "gross" => calculated.Gross == 23_800,
            "shipping" => calculated.Lines[1].Amount == 1800,
            "currency" => calculated.Currency == "USD",
            "category" => calculated.Lines.All(line => line.Party != "promoter:9002"),
            "promoter" => calculated.Lines.Any(line => line.Party == "promoter:77"),
            "carrier" => calculated.Lines[1].Party == "carrier:8",
            "country" => calculated.Lines.All(line => !line.Party.StartsWith("tax:", StringComparison.Ordinal)),
            _ => calculated.ExportRefund == 1170,
        });
    }

    ShopOrder Edited(string column) => column switch
    {
        "gross" => order with { Gross = "238.0000" },
        "shipping" => order with { Shipping = "20.0000" },
        "currency" => order with { Currency = "USD" },
        "category" => order with { Category = "gap" },
        "promoter" => order with { Promoter = 77 },
        "carrier" => order with { Carrier = 8 },
        "country" => order with { Country = "FR" },
        _ => order with { ExportRefund = true },
    };

    [Fact]
    public void An_edited_invoice_reschedules_nothing_and_is_sent_as_it_is_at_the_mark()
    {
        bench.Put(order with { Invoice = """{"a":1}""" });
        bench.Put(order with { Invoice = """{"a":2}""" });
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.PassMark();
        Assert.Contains("\"invoice\":{\"a\":2}", bench.Body("42:verification:0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_moved_completion_moves_the_mark()
    {
        bench.Put(order);
        bench.Put(order with { CompletedAt = TestBench.Start + TimeSpan.FromHours(10) });
        Assert.Equal("2026-11-02T10:00:00Z", bench.Only<SettlementRescheduled>(42).DueAt);
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        bench.Advance(TimeSpan.FromHours(10));
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_merchant_that_is_edited_before_the_mark_is_the_one_that_is_paid()
    {
        bench.PutMerchant(500);
        bench.Put(order);
        bench.Put(order with { Merchant = 500 });
        Assert.Equal(500, bench.Only<SettlementRescheduled>(42).MerchantId);
        bench.PassMark();
        Assert.Equal(500, bench.Only<SettlementCalculated>(42).MerchantId);
    }

    [Fact]
    public void From_the_mark_on_an_order_stays_with_the_merchant_it_had()
    {
        bench.PutMerchant(500);
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        Assert.Equal("unknown_currency", bench.Only<DeliveryDeadLettered>(42).Reason);

        bench.Put(order with { Merchant = 500 });
        bench.Advance(TestBench.Settling);
        Assert.Equal(437, bench.Only<SettlementCalculated>(42).MerchantId);
        Assert.All(bench.Calls(), call => Assert.Equal(437, call.Merchant));
    }

    [Fact]
    public void A_refund_before_the_mark_lowers_the_net_and_a_lowered_one_counts_too()
    {
        bench.Put(order);
        bench.Put(order with { Refunded = "50.0000" });
        bench.Put(order with { Refunded = "19.0000" });
        bench.PassMark();
        var calculated = bench.Only<SettlementCalculated>(42);
        Assert.Equal((11_900, 1_900, 10_000), (calculated.Gross, calculated.Refunded, calculated.Net));
        Assert.Equal(10_000, calculated.Lines.Sum(line => line.Amount));
    }

    [Fact]
    public void A_full_refund_before_the_mark_cancels_at_the_latest_at_the_mark()
    {
        bench.Put(order);
        bench.Put(order with { Refunded = "119.0000" });
        bench.PassMark();
        Assert.Equal("nothing_to_settle", bench.Only<SettlementCancelled>(42).Reason);
        Assert.Empty(bench.Sent(42));

        bench.Put(order with { Refunded = "19.0000" });
        bench.Advance(TestBench.Settling);
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Theory]
    [InlineData(OrderStatus.Disputed, "status_disputed")]
    [InlineData(OrderStatus.Cancelled, "status_cancelled")]
    [InlineData(OrderStatus.Refunded, "status_refunded")]
    [InlineData(OrderStatus.Shipped, "status_shipped")]
    [InlineData(OrderStatus.Other, "status_other")]
    public void Any_other_status_cancels(OrderStatus status, string reason)
    {
        bench.Put(order);
        bench.Put(order with { Status = status });
        bench.PassMark();
        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Equal(reason, bench.Only<SettlementCancelled>(42).Reason);
        Assert.Empty(bench.Sent(42));
    }

    [Fact]
    public void A_deleted_row_cancels()
    {
        bench.Put(order);
        bench.Delete(42);
        bench.PassMark();
        Assert.Equal("deleted", bench.Only<SettlementCancelled>(42).Reason);
        Assert.Empty(bench.Sent(42));
    }

    [Fact]
    public void Completed_again_is_scheduled_anew_from_its_completion()
    {
        bench.Put(order);
        bench.Put(order with { Status = OrderStatus.Disputed });
        bench.Advance(TimeSpan.FromHours(20));
        bench.Put(order with { CompletedAt = bench.Now });
        Assert.Equal(["SettlementScheduled", "SettlementCancelled", "SettlementScheduled"], bench.Told(42));
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        bench.Advance(TimeSpan.FromHours(20));
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void Completed_again_with_a_mark_that_has_passed_settles_at_once()
    {
        bench.Put(order);
        bench.Put(order with { Status = OrderStatus.Disputed });
        bench.Advance(TimeSpan.FromDays(3));
        bench.Put(order);
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void Between_mark_and_calculation_the_left_column_goes_on()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.PassMark();
        bench.Put(order with { Currency = "XXX", Status = OrderStatus.Disputed });
        Assert.Equal("status_disputed", bench.Only<SettlementCancelled>(42).Reason);
        Assert.Null(bench.DeadLetter("42:calculation:0"));

        bench.Put(order);
        bench.Advance(TestBench.Settling);
        Assert.Equal(
            ["SettlementScheduled", "SettlementDue", "DeliveryDeadLettered", "SettlementCancelled", "SettlementScheduled", "SettlementCalculated"],
            bench.Told(42)[..6]);
        Assert.Equal(4, bench.Sent(42).Length);
    }
}
