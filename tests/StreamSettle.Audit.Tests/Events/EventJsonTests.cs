using System.Text;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Tests.EventLog;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Audit.Tests.Events;

public sealed class EventJsonTests
{
    [Fact]
    public void A_calculation_is_written_as_the_contract_says() =>
        Assert.Equal(
            """{"MerchantId":7,"Currency":"EUR","Gross":12000,"Refunded":0,"Net":12000,"RuleVersion":"2026-01","Priority":true,"ExportRefund":0"""
            + ""","Lines":[{"Party":"tax:DE","Amount":1916,"Explanation":"included 19% of 12000"},{"Party":"platform","Amount":504,"Explanation":"fee 5% of 10084"},"""
            + """{"Party":"merchant:7","Amount":9580,"Explanation":"what is left"}],"CompletedAt":"2026-11-01T09:00:00Z","DueAt":"2026-11-02T09:00:00Z","Cause":"calculated","RecordedAt":"2026-11-02T10:00:00.25Z"}""",
            Encoding.UTF8.GetString(EventJson.Write(Sample.Calculated())));

    [Fact]
    public void Members_that_only_some_have_are_left_out_of_the_others()
    {
        const string tail = "\"Cause\":\"c\",\"RecordedAt\":\"r\"}";
        Assert.Equal("""{"Party":"promoter:9","Amount":5,"Explanation":"e","Level":3}""", System.Text.Json.JsonSerializer.Serialize(new ExplainedLine("promoter:9", 5, "e", 3), EventJson.Options));
        Assert.Equal(
            """{"Key":"42:split:0","Leg":"split","N":0,"Attempt":20,"Reason":"503",""" + tail,
            Encoding.UTF8.GetString(EventJson.Write(new DeliveryDeadLettered("c", "r", "42:split:0", "split", 0, 20, "503"))));
        Assert.Equal(
            """{"Key":"42:calculation:1","Leg":"calculation","N":1,"Attempt":0,"Reason":"bad_amount","RefundedAmount":"200.0050","DueAt":"2026-11-03T09:00:00Z",""" + tail,
            Encoding.UTF8.GetString(EventJson.Write(new DeliveryDeadLettered("c", "r", "42:calculation:1", "calculation", 1, 0, "bad_amount", "200.0050", "2026-11-03T09:00:00Z"))));
    }

    [Fact]
    public void That_an_invoice_was_left_out_is_said_where_it_was_and_nowhere_else()
    {
        const string tail = "\"Cause\":\"c\",\"RecordedAt\":\"r\"}";
        var with = new DeliveryConfirmed("c", "r", "42:tax:0", "tax", 0, 1, "t-1");
        const string text = """{"Key":"42:tax:0","Leg":"tax","N":0,"Attempt":1,"Receipt":"t-1",""";
        Assert.Equal(text + tail, Encoding.UTF8.GetString(EventJson.Write(with)));
        Assert.Equal(text + "\"InvoiceLeftOut\":true," + tail, Encoding.UTF8.GetString(EventJson.Write(with with { InvoiceLeftOut = true })));
        Assert.Null(((DeliveryConfirmed)EventJson.Read(EventKind.DeliveryConfirmed, Encoding.UTF8.GetBytes(text + tail))).InvoiceLeftOut);
    }

    [Fact]
    public void A_return_and_what_goes_again_are_written_with_their_keys()
    {
        const string tail = "\"Cause\":\"c\",\"RecordedAt\":\"r\"}";
        Assert.Equal(
            """{"Key":"42:split:0","Leg":"split","N":0,"Reason":"account closed","ReturnedAt":"2026-11-03T09:00:00Z",""" + tail,
            Encoding.UTF8.GetString(EventJson.Write(new DeliveryReturned("c", "r", "42:split:0", "split", 0, "account closed", "2026-11-03T09:00:00Z"))));
        Assert.Equal(
            """{"Key":"42:split:0","Leg":"split","N":0,"Attempt":0,"By":"ann","SentAs":"42:split:0;r1",""" + tail,
            Encoding.UTF8.GetString(EventJson.Write(new DeliveryReplayed("c", "r", "42:split:0", "split", 0, 0, "ann", SentAs: "42:split:0;r1"))));
    }

    [Fact]
    public void A_reversal_is_requested_with_its_mark() =>
        Assert.Equal(
            """{"N":1,"Refunded":500,"DueAt":"2026-11-03T09:00:00Z","Cause":"c","RecordedAt":"r"}""",
            Encoding.UTF8.GetString(EventJson.Write(new ReversalRequested("c", "r", 1, 500, "2026-11-03T09:00:00Z"))));

    [Fact]
    public void Every_kind_survives_the_way_there_and_back() =>
        Assert.All(EveryKind(), happened => Assert.Equal(EventJson.Write(happened), EventJson.Write(EventJson.Read(happened.Kind(), EventJson.Write(happened)))));

    [Fact]
    public void There_is_a_sample_of_every_kind() => Assert.Equal(EventKinds.All, EveryKind().Select(happened => happened.Kind()));

    [Theory]
    [InlineData("""{"Cause":"c","RecordedAt":"r"}""")]
    [InlineData("""{"cause":"c","recordedAt":"r","n":1}""")]
    [InlineData("""{"Cause":null,"RecordedAt":"r","N":1}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_body_that_lacks_a_member_is_corrupt_and_not_read_as_defaults(string json) =>
        Assert.Throws<CorruptStateException>(() => EventJson.Read(EventKind.ReversalCompleted, json));

    [Fact]
    public void A_member_that_a_later_version_added_is_passed_over() =>
        Assert.Equal(new ReversalCompleted("c", "r", 1), EventJson.Read(EventKind.ReversalCompleted, """{"Cause":"c","RecordedAt":"r","N":1,"Later":true}"""));

    static SettlementEvent[] EveryKind() =>
    [
        Sample.Scheduled(),
        new SettlementRescheduled("c", Sample.RecordedAt, 7, "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z"),
        new SettlementCancelled("c", Sample.RecordedAt, "refunded"),
        new SettlementHeld("c", Sample.RecordedAt, "merchant:7", "fraud check", "ann"),
        new SettlementReleased("c", Sample.RecordedAt, "merchant:7", "cleared", "ann"),
        Sample.Due(),
        Sample.Calculated(),
        Sample.Confirmed(),
        new DeliveryFailed("c", Sample.RecordedAt, "42:split:0", "split", 0, 1, "503"),
        new DeliveryDeadLettered("c", Sample.RecordedAt, "42:split:0", "split", 0, 20, "503"),
        new DeliveryReplayed("c", Sample.RecordedAt, "42:split:0", "split", 0, 20, "ann", "the bank is back"),
        new DeliveryDiscarded("c", Sample.RecordedAt, "42:split:0", "split", 0, 20, "ann", "unknown: 504", "filed by hand"),
        new InvoiceDelivered("c", Sample.RecordedAt, "42:split:0"),
        new SettlementCompleted("c", Sample.RecordedAt, ["tax"]),
        new ReversalRequested("c", Sample.RecordedAt, 1, 500, "2026-11-03T09:00:00Z"),
        new ReversalCalculated("c", Sample.RecordedAt, 1, [new("merchant:7", 500)]),
        new ReversalCompleted("c", Sample.RecordedAt, 1),
        new PayoutDeferred("c", Sample.RecordedAt, "42:split:0", 8_600, "EUR", "it is Sunday", "2026-11-02T00:00:00Z", 20_000, "2026-12-01T00:00:00Z"),
        new PayoutReleased("c", Sample.RecordedAt, "42:split:0", "it is a payout day"),
        new DeliveryReturned("c", Sample.RecordedAt, "42:split:0;r1", "split", 0, "account closed", "2026-11-03T09:00:00Z"),
    ];
}
