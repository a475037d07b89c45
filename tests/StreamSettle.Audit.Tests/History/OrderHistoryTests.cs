using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.History;

public sealed class OrderHistoryTests
{
    [Fact]
    public void A_settled_and_partly_reversed_order_is_told_from_the_source_to_the_receipts()
    {
        var history = History(
            new SettlementScheduled("0/16B3748:1", "2026-11-01T09:00:01Z", 7, "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z"),
            new SettlementHeld("ann@1", "2026-11-01T10:00:00Z", "merchant:7", "fraud check", "ann"),
            new SettlementReleased("ann@2", "2026-11-01T11:00:00Z", "merchant:7", "cleared", "ann"),
            new SettlementDue("2026-11-02T09:00:00Z", "2026-11-02T09:00:00.01Z", "2026-11-02T09:00:00Z"),
            new SettlementCalculated(
                "due", "2026-11-02T09:00:00.02Z", 7, "EUR", 12_000, 0, 12_000, "2026-01", true, 0,
                [new("tax:DE", 1_916, "included 19 % of 120.00"), new("platform", 504, "fee 5 % of 100.84"), new("merchant:7", 9_580, "what is left")], "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z"),
            new DeliveryFailed("42:split:0#1", "2026-11-02T09:00:01Z", "42:split:0", "split", 0, 1, "503\nService\u202eUnavailable\u001b[31m"),
            new DeliveryConfirmed("42:split:0#2", "2026-11-02T09:00:03Z", "42:split:0", "split", 0, 2, "s-81"),
            new DeliveryDeadLettered("42:tax:0#20", "2026-11-02T10:00:00Z", "42:tax:0", "tax", 0, 20, "422 unknown country"),
            new DeliveryDiscarded("ann@3", "2026-11-02T11:00:00Z", "42:tax:0", "tax", 0, 20, "ann", Note: "by hand"),
            new InvoiceDelivered("42:split:0", "2026-11-02T11:30:00Z", "42:split:0"),
            new SettlementCompleted("done", "2026-11-02T11:30:00Z", ["tax"]),
            new ReversalRequested("0/16B9999:1", "2026-11-03T09:00:00Z", 1, 3_000, "2026-11-03T08:59:59Z"),
            new ReversalCalculated("1", "2026-11-03T09:00:00Z", 1, [new("tax:DE", 479), new("merchant:7", 2_521)]),
            new ReversalCompleted("1", "2026-11-03T09:00:05Z", 1));

        Assert.Equal(
            """
            Order 42: completed
              merchant   7
              completed  2026-11-01T09:00:00Z
              due        2026-11-02T09:00:00Z
              gross      120.00 EUR
              net        120.00 EUR
              rules      2026-01
              lane       priority

            Lines
              tax:DE       19.16 EUR  included 19 % of 120.00
              platform      5.04 EUR  fee 5 % of 100.84
              merchant:7   95.80 EUR  what is left
              sum         120.00 EUR

            Deliveries
              42:split:0  confirmed   2 attempts  receipt s-81, invoice sent later
              42:tax:0    discarded  20 attempts  by ann: by hand

            Reversal 1: completed 2026-11-03T09:00:05Z, refunded in all 30.00 EUR
              tax:DE       -4.79 EUR
              merchant:7  -25.21 EUR

            Timeline
               1  2026-11-01T09:00:01Z     settlement scheduled    merchant 7, due 2026-11-02T09:00:00Z                 <- 0/16B3748:1
               2  2026-11-01T10:00:00Z     settlement held         merchant:7: fraud check, by ann                      <- ann@1
               3  2026-11-01T11:00:00Z     settlement released     merchant:7: cleared, by ann                          <- ann@2
               4  2026-11-02T09:00:00.01Z  settlement due          mark 2026-11-02T09:00:00Z                            <- 2026-11-02T09:00:00Z
               5  2026-11-02T09:00:00.02Z  settlement calculated   net 120.00 EUR in 3 lines, rules 2026-01             <- due
               6  2026-11-02T09:00:01Z     delivery failed         42:split:0, attempt 1: 503 Service Unavailable [31m  <- 42:split:0#1
               7  2026-11-02T09:00:03Z     delivery confirmed      42:split:0, attempt 2, receipt s-81                  <- 42:split:0#2
               8  2026-11-02T10:00:00Z     delivery dead lettered  42:tax:0, attempt 20: 422 unknown country            <- 42:tax:0#20
               9  2026-11-02T11:00:00Z     delivery discarded      42:tax:0, after attempt 20, by ann: by hand          <- ann@3
              10  2026-11-02T11:30:00Z     invoice delivered       42:split:0                                           <- 42:split:0
              11  2026-11-02T11:30:00Z     settlement completed    discarded: tax                                       <- done
              12  2026-11-03T09:00:00Z     reversal requested      reversal 1, refunded in all 30.00 EUR                <- 0/16B9999:1
              13  2026-11-03T09:00:00Z     reversal calculated     reversal 1, 30.00 EUR in 2 lines                     <- 1
              14  2026-11-03T09:00:05Z     reversal completed      reversal 1                                           <- 1

            """,
            OrderHistoryText.Render(history),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_split_that_waits_for_its_payout_says_what_for_and_until_when()
    {
        SettlementEvent[] waiting =
        [
            new SettlementCalculated(
                "due", "2026-11-01T09:00:00Z", 7, "EUR", 10_000, 0, 10_000, "2026-01", false, 0, [new("merchant:7", 10_000, "what is left")], "2026-10-31T09:00:00Z", "2026-11-01T09:00:00Z",
                Payout: new("merchantId=7", 20_000, "P30D", "DE", "16:00:00")),
            new DeliveryConfirmed("42:verification:0#1", "2026-11-01T09:00:01Z", "42:verification:0", "verification", 0, 1, "v-1"),
            new PayoutDeferred("42:verification:0#1", "2026-11-01T09:00:01Z", "42:split:0", 10_000, "EUR", "200.00 EUR must wait", null, 20_000, "2026-12-01T09:00:01Z"),
            new PayoutDeferred("payouts@1", "2026-11-01T10:00:00Z", "42:split:0", 10_000, "EUR", "2026-11-01 is Sunday", "2026-11-02T00:00:00Z"),
        ];
        Assert.Equal(
            """
            Order 42: in delivery, payout waits
              merchant  7
              gross     100.00 EUR
              net       100.00 EUR
              rules     2026-01
              lane      ordinary
              payout    at least 200.00 EUR at once, after P30D whatever there is, on payout days of DE before 16:00:00 there (rule: merchantId=7)

            Lines
              merchant:7  100.00 EUR  what is left
              sum         100.00 EUR

            Deliveries
              42:verification:0  confirmed   1 attempt  receipt v-1
              42:split:0         waiting    0 attempts  until 2026-11-02T00:00:00Z, 2026-11-01 is Sunday

            Timeline
              1  2026-11-01T09:00:00Z  settlement calculated  net 100.00 EUR in 1 line, rules 2026-01                                                                  <- due
              2  2026-11-01T09:00:01Z  delivery confirmed     42:verification:0, attempt 1, receipt v-1                                                                <- 42:verification:0#1
              3  2026-11-01T09:00:01Z  payout deferred        42:split:0, 100.00 EUR for the merchant: 200.00 EUR must wait, until 2026-12-01T09:00:01Z at the latest  <- 42:verification:0#1
              4  2026-11-01T10:00:00Z  payout deferred        42:split:0, 100.00 EUR for the merchant: until 2026-11-02T00:00:00Z, 2026-11-01 is Sunday                <- payouts@1

            """,
            OrderHistoryText.Render(History(waiting)).ReplaceLineEndings("\n"));
        var released = History([.. waiting, new PayoutReleased("payouts@2", "2026-11-02T00:00:00.03Z", "42:split:0", "it is a payout day")]);
        Assert.Equal("in delivery", released.State);
        Assert.Equal((DeliveryState.Released, "it is a payout day"), (released.Deliveries[1].State, released.Deliveries[1].Text));
    }

    [Fact]
    public void In_a_narrow_terminal_columns_go_on_below_themselves_and_money_and_times_stay_whole()
    {
        var history = History(
            new SettlementCalculated(
                "due", "2026-11-02T09:00:00.02Z", 7, "EUR", 12_000, 0, 12_000, "2026-01", true, 0,
                [new("tax:DE", 1_916, "included 19 % of 120.00 EUR as the rules of 2026-01 have it for DE"), new("merchant:7", 10_084, "what is left")], "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z"),
            new DeliveryFailed("42:split:0#1", "2026-11-02T09:00:01Z", "42:split:0", "split", 0, 1, "503 the system is too busy with itself to answer anybody"));

        var text = OrderHistoryText.Render(history, 60);
        Assert.EndsWith(
            """

            Lines
              tax:DE       19.16 EUR  included 19 % of 120.00 EUR as the
                                      rules of 2026-01 have it for DE
              merchant:7  100.84 EUR  what is left
              sum         120.00 EUR

            Deliveries
              42:split:0  failing  1 attempt  503 the system is too busy
                                              with itself to answer
                                              anybody

            Timeline
              1  2026-11-02T09:00:00.02Z  settlement calculated
                 net 120.00 EUR in 2 lines, rules 2026-01
                 <- due
              2  2026-11-02T09:00:01Z     delivery failed
                 42:split:0, attempt 1: 503 the system is too busy with
                 itself to answer anybody
                 <- 42:split:0#1

            """.ReplaceLineEndings(),
            text.ReplaceLineEndings(), StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 60));
        Assert.Equal(OrderHistoryText.Render(history), OrderHistoryText.Render(history, 500));
    }

    [Fact]
    public void An_order_without_events_is_unknown()
    {
        Assert.Equal("unknown", History().State);
        Assert.Equal("Order 42: unknown\n  The event log has nothing about it.\n", OrderHistoryText.Render(History()), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void The_state_follows_the_events()
    {
        Assert.Equal("scheduled", History(Scheduled()).State);
        Assert.Equal("scheduled, held", History(Scheduled(), new SettlementHeld("h", RecordedAt, "order:42", "check", "ann")).State);
        Assert.Equal("due", History(Scheduled(), Due()).State);
        Assert.Equal("in delivery", History(Scheduled(), Due(), Calculated(), Confirmed()).State);
        Assert.Equal("cancelled: refunded", History(Scheduled(), new SettlementCancelled("c", RecordedAt, "refunded")).State);
        Assert.Equal("refused: bad_amount", History(Refused(0)).State);
        Assert.Equal("scheduled", History(Refused(0), Scheduled()).State);
        var returned = new DeliveryDeadLettered("split@42:split:0", RecordedAt, "42:split:0", "split", 0, 0, "returned: account closed");
        Assert.Equal("in delivery, returned", History(Scheduled(), Due(), Calculated(), Confirmed(), returned).State);
        var again = new DeliveryReplayed("ann@1", RecordedAt, "42:split:0", "split", 0, 0, "ann", SentAs: "42:split:0;r1");
        Assert.Equal("in delivery", History(Scheduled(), Due(), Calculated(), Confirmed(), returned, again).State);
    }

    [Fact]
    public void A_refund_that_is_refused_does_not_refuse_the_order()
    {
        var history = History(Scheduled(), Due(), Calculated(), new SettlementCompleted("done", RecordedAt, []), Refused(1));

        Assert.Equal("completed", history.State);
        Assert.Equal(new DeliveryHistory("42:calculation:1", "calculation", 1, DeliveryState.DeadLettered, 0, "bad_amount"), Assert.Single(history.Deliveries));
    }

    [Fact]
    public void A_refused_order_without_anything_else_is_rendered() =>
        Assert.Contains("42:calculation:0  dead-lettered  0 attempts  bad_amount", OrderHistoryText.Render(History(Refused(0))), StringComparison.Ordinal);

    [Fact]
    public void A_reversal_on_its_way_is_shown_before_it_is_calculated() =>
        Assert.Contains(
            "Reversal 1: on its way, refunded in all 30.00 EUR",
            OrderHistoryText.Render(History(Calculated(), new ReversalRequested("r", RecordedAt, 1, 3_000, RecordedAt))), StringComparison.Ordinal);

    [Fact]
    public void An_event_of_a_later_program_is_shown_as_it_stands()
    {
        var at = UtcInstant.Parse("2026-11-02T10:00:00Z");
        var history = OrderHistory.From(new OrderId(42), [new StoredEvent(1, 1, "settlement_notarised", Guid.Empty, "n", """{"Seal": 7}""", at)]);

        var entry = Assert.Single(history.Timeline);
        Assert.Equal(new TimelineEntry(1, "2026-11-02T10:00:00Z", "settlement notarised", """{"Seal": 7}""", "n", at), entry);
    }

    [Theory]
    [InlineData(0, "EUR", "0.00 EUR")]
    [InlineData(-5, "EUR", "-0.05 EUR")]
    [InlineData(1234, "JPY", "1234 JPY")]
    [InlineData(1234, "KWD", "1.234 KWD")]
    [InlineData(1, "CLF", "0.0001 CLF")]
    [InlineData(long.MinValue, "USD", "-92233720368547758.08 USD")]
    [InlineData(7, "XXX", "7 minor units XXX")]
    [InlineData(7, "", "7 minor units")]
    public void Money_has_its_currencys_digits(long minor, string currency, string text) => Assert.Equal(text, MoneyText.Format(minor, currency));

    static DeliveryDeadLettered Refused(int n) => new($"refused-{n}", RecordedAt, $"42:calculation:{n}", "calculation", n, 0, "bad_amount");

    static OrderHistory History(params SettlementEvent[] events) => OrderHistory.From(new OrderId(42), [.. events.Select(Stored)]);

    static StoredEvent Stored(SettlementEvent happened, int index) => new(
        index + 1, index + 1, happened.Kind().Alias(), EventIds.Derive(new OrderId(42), happened.Kind(), happened.Cause), happened.Cause,
        System.Text.Encoding.UTF8.GetString(EventJson.Write(happened)), new UtcInstant(0));
}
