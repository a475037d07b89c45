using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Tests.Payouts;

public class CalendarCoverageTests
{
    static readonly string Germany = Calendars.Json("""{"2026": {"holidays": {}}, "2027": {"holidays": {}}}""");
    static readonly string France = Calendars.Json("""{"2026": {"holidays": {}}}""", name: "FR");

    static (bool IsNow, string Text)[] Gaps(string calendar, string now) =>
        [.. CalendarCoverage.Gaps(Calendars.Book($$"""[{"when": {}, "calendar": "{{calendar}}"}]""", Germany, France), UtcInstant.Parse(now))];

    [Theory]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("2027-10-02T23:59:59Z")]
    public void A_calendar_that_goes_on_for_long_is_not_worth_a_word(string now) => Assert.Empty(Gaps("DE", now));

    [Fact]
    public void A_calendar_is_told_before_it_ends_and_when_it_has_ended()
    {
        Assert.Equal((false, "calendar 'DE' ends with 2027: splits that go by it wait from then on; add 2028"), Assert.Single(Gaps("DE", "2027-10-03T00:00:00Z")));
        Assert.False(Assert.Single(Gaps("DE", "2027-12-31T23:59:59Z")).IsNow);
        Assert.True(Assert.Single(Gaps("DE", "2028-01-01T00:00:00Z")).IsNow);
        Assert.True(Assert.Single(Gaps("DE", "2025-12-31T00:00:00Z")).IsNow);
    }

    [Fact]
    public void A_calendar_that_no_rule_goes_by_may_end()
    {
        Assert.Empty(Gaps("DE", "2026-12-31T00:00:00Z"));
        Assert.Equal("calendar 'FR'", Assert.Single(Gaps(AgreedPayout.MerchantCountry, "2026-12-31T00:00:00Z")).Text[..13]);
    }
}
