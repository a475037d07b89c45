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
            + """{"Party":"merchant:7","Amount":9580,"Explanation":"what is left"}],"Cause":"calculated","RecordedAt":"2026-11-02T10:00:00.25Z"}""",
            Encoding.UTF8.GetString(EventJson.Write(Sample.Calculated())));

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
        new DeliveryReplayed("c", Sample.RecordedAt, "42:split:0", "split", 0, 20, "ann"),
        new DeliveryDiscarded("c", Sample.RecordedAt, "42:split:0", "split", 0, 20, "ann", "unknown: 504", "filed by hand"),
        new InvoiceDelivered("c", Sample.RecordedAt, "42:split:0"),
        new SettlementCompleted("c", Sample.RecordedAt, ["tax"]),
        new ReversalRequested("c", Sample.RecordedAt, 1, 500),
        new ReversalCalculated("c", Sample.RecordedAt, 1, [new("merchant:7", 500)]),
        new ReversalCompleted("c", Sample.RecordedAt, 1),
    ];
}
