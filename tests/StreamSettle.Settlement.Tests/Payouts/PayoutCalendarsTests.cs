using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Tests.Payouts;

public class PayoutCalendarsTests
{
    static readonly PayoutCalendars Days = Calendars.Of(Calendars.Json("""
        {"2025": {"holidays": {}}, "2026": {"holidays": {"2026-12-25": "1. Weihnachtstag", "2026-12-24": "closed"}, "workdays": {"2026-12-19": "long Saturday"}}}
        """));

    static string Next(string now, string? cutOff = null, string zone = "Europe/Berlin") =>
        Days.Next("DE", zone, cutOff is null ? null : TimeOnly.Parse(cutOff, System.Globalization.CultureInfo.InvariantCulture), Instants.Of(now)) switch
        {
            PayoutTime.Open => "open",
            PayoutTime.Later(var at, _) => at.ToString(),
            PayoutTime.Unknown(var why) => why,
            var other => throw new InvalidOperationException($"{other}"),
        };

    static string Why(string now, string? cutOff = null) =>
        Assert.IsType<PayoutTime.Later>(Days.Next("DE", "Europe/Berlin", cutOff is null ? null : TimeOnly.Parse(cutOff, System.Globalization.CultureInfo.InvariantCulture), Instants.Of(now))).Why;

    [Theory]
    [InlineData("2026-11-27T12:00:00Z", "open")]
    [InlineData("2026-11-27T22:59:59.999999Z", "open")]
    [InlineData("2026-11-27T23:00:00Z", "2026-11-29T23:00:00Z")]
    [InlineData("2026-11-29T22:59:59.999999Z", "2026-11-29T23:00:00Z")]
    [InlineData("2026-11-29T23:00:00Z", "open")]
    [InlineData("2026-12-19T12:00:00Z", "open")]
    [InlineData("2026-12-24T12:00:00Z", "2026-12-27T23:00:00Z")]
    public void Payouts_go_on_the_days_of_the_calendar_as_the_zone_has_them(string now, string then) => Assert.Equal(then, Next(now));

    [Theory]
    [InlineData("2026-11-27T14:59:59.999999Z", "open")]
    [InlineData("2026-11-27T15:00:00Z", "2026-11-29T23:00:00Z")]
    [InlineData("2026-11-26T15:00:00Z", "2026-11-26T23:00:00Z")]
    [InlineData("2026-07-01T14:00:00Z", "2026-07-01T22:00:00Z")]
    public void What_comes_at_the_cut_off_has_missed_it(string now, string then) => Assert.Equal(then, Next(now, "16:00"));

    [Theory]
    // Clocks go from 02:00 to 03:00: a cut-off that they pass over is when they do.
    [InlineData("2026-03-29T00:59:59.999999Z", "02:30", "open")]
    [InlineData("2026-03-29T01:00:00Z", "02:30", "2026-03-29T22:00:00Z")]
    // And from 03:00 back to 02:00: the first 02:30 counts, and what has missed it does not get it again.
    [InlineData("2026-10-25T00:29:59.999999Z", "02:30", "open")]
    [InlineData("2026-10-25T00:30:00Z", "02:30", "2026-10-25T23:00:00Z")]
    [InlineData("2026-10-25T01:15:00Z", "02:30", "2026-10-25T23:00:00Z")]
    public void A_cut_off_that_comes_twice_or_never_is_never_later_than_anybody_reads_it(string now, string cutOff, string then)
    {
        var everyDay = Calendars.Of(Calendars.Json("""{"2026": {"holidays": {}}}""", weekend: "[]"));
        var next = everyDay.Next("DE", "Europe/Berlin", TimeOnly.Parse(cutOff, System.Globalization.CultureInfo.InvariantCulture), Instants.Of(now));
        Assert.Equal(then, next is PayoutTime.Later later ? later.At.ToString() : "open");
    }

    [Fact]
    public void A_day_whose_midnight_clocks_pass_over_begins_when_they_do()
    {
        // Beirut, 2026-03-29: 00:00 becomes 01:00.
        var sundays = Calendars.Of(Calendars.Json("""{"2026": {"holidays": {}}}""", weekend: """["FRIDAY", "SATURDAY"]"""));
        Assert.Equal("2026-03-28T22:00:00Z", Assert.IsType<PayoutTime.Later>(sundays.Next("DE", "Asia/Beirut", null, Instants.Of("2026-03-28T12:00:00Z"))).At.ToString());
    }

    [Fact]
    public void A_date_that_a_zone_skips_is_no_payout_day()
    {
        // Apia had no 2011-12-30; the only payout day of that week would have been it.
        var fridays = Calendars.Of(Calendars.Json(
            """{"2011": {"holidays": {}}, "2012": {"holidays": {}}}""", weekend: """["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "SATURDAY", "SUNDAY"]"""));
        Assert.Equal("2012-01-05T10:00:00Z", Assert.IsType<PayoutTime.Later>(fridays.Next("DE", "Pacific/Apia", null, Instants.Of("2011-12-28T12:00:00Z"))).At.ToString());
    }

    [Fact]
    public void What_stands_in_the_way_is_said()
    {
        Assert.Equal("2026-11-28 in Europe/Berlin is Saturday by calendar DE", Why("2026-11-28T12:00:00Z"));
        Assert.Equal("2026-12-25 in Europe/Berlin is 1. Weihnachtstag by calendar DE", Why("2026-12-25T12:00:00Z"));
        Assert.Equal("past the cut-off 16:00:00 of 2026-11-27 in Europe/Berlin, calendar DE", Why("2026-11-27T15:00:00Z", "16:00"));
    }

    [Theory]
    [InlineData("2027-01-04T12:00:00Z", "Europe/Berlin", "calendar 'DE' says nothing about 2027: it has 2025 to 2026")]
    [InlineData("2026-12-31T23:30:00Z", "Europe/Berlin", "calendar 'DE' says nothing about 2027: it has 2025 to 2026")]
    [InlineData("2024-12-31T12:00:00Z", "Europe/Berlin", "calendar 'DE' says nothing about 2024: it has 2025 to 2026")]
    [InlineData("2026-11-27T12:00:00Z", "Europe/Bärlin", "the merchant's time zone 'Europe/Bärlin' is no IANA name")]
    [InlineData("2026-11-27T12:00:00Z", "", "the merchant's time zone is not known")]
    public void What_cannot_be_known_is_never_a_day_without_holidays(string now, string zone, string why) => Assert.StartsWith(why, Next(now, zone: zone));

    [Fact]
    public void The_last_day_of_the_last_year_is_known_and_what_would_come_after_it_is_not()
    {
        Assert.Equal("open", Next("2026-12-31T12:00:00Z", "16:00"));
        Assert.StartsWith("calendar 'DE' says nothing about 2027", Next("2026-12-31T15:00:00Z", "16:00"));
    }

    [Fact]
    public void An_unknown_calendar_is_named()
    {
        var next = Assert.IsType<PayoutTime.Unknown>(Days.Next("XK", "Europe/Berlin", null, new UtcInstant(0)));
        Assert.StartsWith("there is no calendar 'XK'", next.Why);
    }

    [Fact]
    public void A_calendar_without_any_payout_day_says_so()
    {
        var never = Calendars.Of(Calendars.Json(
            """{"2026": {"holidays": {}}, "2027": {"holidays": {}}, "2028": {"holidays": {}}}""",
            weekend: """["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]"""));
        Assert.StartsWith("calendar 'DE' has no payout day", Assert.IsType<PayoutTime.Unknown>(never.Next("DE", "UTC", null, Instants.Of("2026-06-01T00:00:00Z"))).Why);
    }
}
