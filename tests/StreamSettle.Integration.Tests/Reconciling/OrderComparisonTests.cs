using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Delivery.Asking;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Integration.Tests.Reconciling;

/// <summary>What counts as a discrepancy, by the tables of contract/events.md and contract/downstreams.md, and what does not.</summary>
public class OrderComparisonTests
{
    [Fact]
    public void What_agrees_is_not_told()
    {
        Assert.Empty(new History().Scheduled().Found());
        Assert.Empty(new History().Settled().Knows(Leg.Verification).Knows(Leg.Split).Knows(Leg.Tax).Knows(Leg.Commission).Found(History.LaterTerms));
        Assert.Empty(new History().Shop(row => row with { Status = "PAID", CompletedAt = null }).Found());
        Assert.Empty(new History().Scheduled().Cancelled("deleted").Without().Found());
        Assert.Empty(new History().Scheduled().Cancelled("nothing_to_settle").Shop(row => row with { Refunded = row.Gross }).Found());
    }

    [Fact]
    public void A_completed_order_that_the_event_log_does_not_know_is_missing()
    {
        Assert.Equal(["missing order"], new History().Found());
        Assert.Empty(new History().Found(History.Terms with { CompletedSince = UtcInstant.Parse("2026-11-01T00:00:01Z") }));
        Assert.Equal(["missing order"], new History().Found(History.Terms with { CompletedSince = UtcInstant.Parse(History.CompletedAt) }));
    }

    [Fact]
    public void What_is_refused_or_held_is_known_and_neither_missing_nor_late()
    {
        Assert.Empty(new History().Scheduled().Refused("no_rules").Found(History.LaterTerms));
        Assert.Empty(new History().Refused("too_old").Found(History.LaterTerms));
        Assert.Empty(new History().Scheduled().Held().Found(History.LaterTerms));
        Assert.Equal(["late 42:tax:0"], Waiting("2026-11-02T01:00:00Z").Found(History.LaterTerms));
        Assert.Equal(["late 42:tax:0"], Waiting(null).Found(History.LaterTerms));
        Assert.Equal(["late 42:split:0", "late 42:tax:0"], Waiting("2026-11-02T00:30:00Z").Found(History.LaterTerms));

        static History Waiting(string? payableAt) => new History().Calculated().Confirmed(Leg.Verification)
            .With(new PayoutDeferred("p", History.DueAt, "42:split:0", 6_900, "EUR", "it is Sunday", payableAt));
    }

    [Fact]
    public void A_row_that_is_gone_is_extra_in_the_event_log_unless_it_was_cancelled()
    {
        Assert.Equal(["extra order"], new History().Settled().Without().Found());
        Assert.Equal(["extra order"], new History().Scheduled().Without().Found());
        Assert.Empty(new History().Settled().Without().Found(History.Terms with { WithSource = false }));
    }

    [Theory]
    [InlineData("merchant_id"), InlineData("promoter_id"), InlineData("carrier_id"), InlineData("buyer_country"), InlineData("category"), InlineData("export_refund"), InlineData("completed_at"), InlineData("status")]
    public void An_edit_after_the_calculation_is_another_state(string column) =>
        Assert.Equal([$"state_differs {column}"], new History().Settled().Shop(row => Edited(row, column)).Found());

    [Theory]
    [InlineData("gross_amount"), InlineData("shipping_amount"), InlineData("currency"), InlineData("refunded_amount")]
    public void Other_money_after_the_calculation_is_another_amount(string column) =>
        Assert.Equal([$"amount_differs {column}"], new History().Settled().Shop(row => Edited(row, column)).Found());

    [Theory]
    [InlineData("NaN"), InlineData("100.001"), InlineData("-100")]
    public void An_amount_that_is_none_is_another_one(string gross) =>
        Assert.Equal(["amount_differs gross_amount"], new History().Settled().Shop(row => row with { Gross = History.Decimal(gross) }).Found());

    [Fact]
    public void A_status_other_than_completed_agrees_with_a_settlement_that_was_taken_back_whole()
    {
        var taken = new History().Settled().With(new ReversalRequested("8", History.DueAt, 1, 10_000, History.DueAt))
            .With(new ReversalCalculated("9", History.DueAt, 1, [new("merchant:7", 10_000)])).Confirmed(Leg.Split, 1).With(new ReversalCompleted("10", History.DueAt, 1));
        Assert.Empty(taken.Shop(row => row with { Status = "REFUNDED", Refunded = row.Gross }).Found());
        Assert.Equal(["state_differs status"], new History().Settled().Shop(row => row with { Status = "REFUNDED" }).Found());
    }

    [Fact]
    public void A_refund_that_the_lines_cannot_hold_is_told_with_its_rest()
    {
        Assert.Equal(["amount_differs reversal 1"], new History().Settled().Reversed(taken: 400).Shop(row => row with { Refunded = History.Decimal("10") }).Found());
        Assert.Empty(new History().Settled().Reversed().Shop(row => row with { Refunded = History.Decimal("10") }).Found());

        var refused = new History().Settled().With(new DeliveryDeadLettered("11", History.DueAt, "42:calculation:1", "calculation", 1, 0, "bad_amount", "120.0000", History.DueAt));
        var told = Assert.Single(OrderComparison.Of(refused.Shop(row => row with { Refunded = History.Decimal("120.0000") }).Order(), History.Terms));
        Assert.Equal((DiscrepancyKind.AmountDiffers, "120.00 EUR", "0.00 EUR, 120.0000 refused: bad_amount"), (told.Kind, told.Source, told.EventLog));
    }

    [Fact]
    public void A_change_that_never_came_before_the_calculation_is_another_state()
    {
        Assert.Equal(["state_differs status"], new History().Scheduled().Shop(row => row with { Status = "DISPUTED" }).Found());
        Assert.Equal(["state_differs merchant_id"], new History().Scheduled().Shop(row => row with { Merchant = 8 }).Found());
        Assert.Equal(["state_differs status"], new History().Scheduled().Cancelled("status_disputed").Found());
        Assert.Equal(["state_differs status"], new History().Scheduled().Cancelled("nothing_to_settle").Found());
    }

    [Fact]
    public void What_should_be_done_by_now_is_late_and_what_waits_for_a_person_is_not()
    {
        Assert.Empty(new History().Scheduled().Found());
        Assert.Equal(["late mark"], new History().Scheduled().Found(History.LaterTerms));
        Assert.Equal(["late 42:verification:0"], new History().Calculated().Found(History.LaterTerms));
        Assert.Equal(["late 42:split:0", "late 42:tax:0"], new History().Calculated().Confirmed(Leg.Verification).Found(History.LaterTerms));
        Assert.Empty(new History().Calculated().With(new DeliveryDeadLettered("12", History.DueAt, "42:verification:0", "verification", 0, 20, "422")).Found(History.LaterTerms));
        Assert.Equal(
            ["late reversal 1"],
            new History().Settled().With(new ReversalRequested("8", History.DueAt, 1, 1_000, History.DueAt)).Shop(row => row with { Refunded = History.Decimal("10") }).Found(History.LaterTerms));
    }

    [Fact]
    public void A_confirmed_call_that_its_system_does_not_know_is_missing_there()
    {
        Assert.Equal(["missing 42:split:0"], new History().Settled().Says(Leg.Split, 0, RecordedCall.Absent.Instance).Found());
        Assert.Equal(["state_differs 42:split:0"], new History().Settled().Knows(Leg.Split, receipt: "another").Found());
    }

    [Fact]
    public void A_call_that_a_system_knows_and_the_event_log_does_not_is_extra_there()
    {
        Assert.Equal(["extra 42:verification:0"], new History().Scheduled().Knows(Leg.Verification).Found());
        Assert.Equal(["extra 42:split:0"], new History().Calculated().Confirmed(Leg.Verification).Knows(Leg.Split).Found());
        Assert.Equal(["missing order", "extra 42:verification:0"], new History().Knows(Leg.Verification).Found());
        Assert.Empty(new History().Calculated().Says(Leg.Verification, 0, RecordedCall.Absent.Instance).Found());
    }

    [Fact]
    public void A_call_that_was_given_up_and_is_there_all_the_same_is_another_state()
    {
        var dead = new DeliveryDeadLettered("12", History.DueAt, "42:verification:0", "verification", 0, 20, "unknown: 500");
        Assert.Equal(["state_differs 42:verification:0"], new History().Calculated().With(dead).Knows(Leg.Verification).Found());
        Assert.Empty(new History().Calculated().With(dead).Says(Leg.Verification, 0, RecordedCall.Absent.Instance).Found());
        Assert.Empty(new History().Calculated().Confirmed(Leg.Verification).With(dead with { Reason = "returned: closed account" }).Knows(Leg.Verification).Found());
    }

    [Fact]
    public void What_a_system_does_not_say_is_unknown_and_never_fine() =>
        Assert.Equal(["unknown 42:split:0"], new History().Settled().Says(Leg.Split, 0, new RecordedCall.Unknown("it answers 503")).Found());

    [Fact]
    public void An_event_that_cannot_be_understood_makes_the_order_unknown()
    {
        StoredEvent strange = new(1, 1, "settlement_divined", Guid.Empty, "1", "{}", UtcInstant.Parse(History.DueAt));
        var order = new History().Order() with { Log = LoggedOrder.Of(new(42), [strange]) };
        var told = Assert.Single(OrderComparison.Of(order, History.Terms));
        Assert.Equal(DiscrepancyKind.Unknown, told.Kind);
        Assert.Contains("settlement_divined", told.EventLog, StringComparison.Ordinal);

        var impossible = new History().Confirmed(Leg.Split).Found();
        Assert.Equal(["unknown events"], impossible);
    }

    [Fact]
    public void Systems_are_asked_for_every_call_and_further_only_where_something_is_there()
    {
        Assert.Equal(["42:verification:0"], Asked(new History().Scheduled()));
        Assert.Equal(["42:split:0", "42:tax:0", "42:commission:0"], Asked(new History().Scheduled().Knows(Leg.Verification)));
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0"], Asked(new History().Settled()));
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0", "42:split:1"], Asked(new History().Settled().Reversed().Shop(row => row with { Refunded = History.Decimal("10") })));
        Assert.Equal(
            ["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0", "42:split:1", "42:tax:1", "42:commission:1"],
            Asked(new History().Settled().Shop(row => row with { Refunded = History.Decimal("10") })));
        Assert.Empty(DownstreamComparison.ToAsk(new History().Order(), History.Terms with { CompletedSince = UtcInstant.MaxValue }));

        static string[] Asked(History history) => [.. DownstreamComparison.ToAsk(history.Order(), History.Terms).Select(call => call.Key)];
    }

    static OrderRow Edited(OrderRow row, string column) => column switch
    {
        "merchant_id" => row with { Merchant = 8 },
        "promoter_id" => row with { Promoter = null },
        "carrier_id" => row with { Carrier = 4 },
        "buyer_country" => row with { BuyerCountry = "FR" },
        "category" => row with { Category = null },
        "export_refund" => row with { ExportRefund = true },
        "completed_at" => row with { CompletedAt = row.CompletedAt!.Value + TimeSpan.FromSeconds(1) },
        "status" => row with { Status = "DISPUTED" },
        "gross_amount" => row with { Gross = History.Decimal("100.01") },
        "shipping_amount" => row with { Shipping = History.Decimal("4") },
        "currency" => row with { Currency = "USD" },
        _ => row with { Refunded = History.Decimal("1") },
    };
}
