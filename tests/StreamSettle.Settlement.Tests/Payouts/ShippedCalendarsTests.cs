using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Tests.Payouts;

/// <summary>Days that anybody can look up, in the calendars that come with the program.</summary>
public class ShippedCalendarsTests
{
    static readonly PayoutCalendars Shipped = Assert.IsType<RuleLoad.Loaded>(RuleBookLoader.Load(Path.Combine(AppContext.BaseDirectory, "default-rules"))).Book.Calendars;

    [Theory]
    [InlineData("DE", "2026-04-06", "Ostermontag")]
    [InlineData("DE", "2026-05-14", "Christi Himmelfahrt")]
    [InlineData("DE", "2027-05-17", "Pfingstmontag")]
    [InlineData("TARGET", "2026-04-03", "Good Friday")]
    [InlineData("US", "2026-11-26", "Thanksgiving Day")]
    [InlineData("US", "2027-07-05", "Independence Day (observed)")]
    [InlineData("GB", "2026-12-28", "Boxing Day (substitute day)")]
    [InlineData("GB", "2027-12-27", "Christmas Day (substitute day)")]
    public void A_holiday_is_no_payout_day(string calendar, string date, string name) =>
        Assert.Equal(
            $"{date} in UTC is {name} by calendar {calendar}",
            Assert.IsType<PayoutTime.Later>(Shipped.Next(calendar, "UTC", null, UtcInstant.Parse($"{date}T12:00:00Z"))).Why);

    [Theory]
    [InlineData("DE", "2026-05-15")]
    [InlineData("TARGET", "2026-10-02")]
    // The Federal Reserve's banks are open on the Friday before a holiday on a Saturday.
    [InlineData("US", "2026-07-03")]
    [InlineData("GB", "2026-05-01")]
    public void Any_other_day_of_the_week_is_one(string calendar, string date) =>
        Assert.IsType<PayoutTime.Open>(Shipped.Next(calendar, "UTC", null, UtcInstant.Parse($"{date}T12:00:00Z")));

    [Fact]
    public void They_go_on_alike() => Assert.All(Shipped.All, calendar => Assert.Equal((2026, 2031), (calendar.FirstYear, calendar.LastYear)));
}
