using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.Settlement.Tests.Payouts;

public class PayoutRulesTests
{
    static readonly string Year = Calendars.Json("""{"2026": {"holidays": {}}}""");

    static AgreedPayout? Agreed(RuleBook book, long merchant = 437, string currency = "EUR") =>
        Assert.IsType<Settled>(new TestOrder { Merchant = merchant, Currency = currency, Gross = "100" }.Settle(book)).Payout;

    [Fact]
    public void The_most_specific_rule_says_how_a_split_is_paid_out()
    {
        var book = Calendars.Book(
            """
            [{"when": {}, "calendar": "MERCHANT_COUNTRY"},
             {"when": {"merchantId": 437}, "minimum": {"EUR": 10000, "JPY": 5000}, "maxWait": "P30D", "calendar": "DE", "cutOff": "16:00"},
             {"when": {"merchantId": 438}}]
            """,
            Year);
        Assert.Equal(new("merchantId=437", 10_000, TimeSpan.FromDays(30), "DE", new TimeOnly(16, 0)), Agreed(book));
        Assert.Equal(new("merchantId=437", 5_000, TimeSpan.FromDays(30), "DE", new TimeOnly(16, 0)), Agreed(book, currency: "JPY"));
        Assert.Equal(new("every order", null, null, AgreedPayout.MerchantCountry, null), Agreed(book, merchant: 5));
        Assert.Null(Agreed(book, merchant: 438));
    }

    [Fact]
    public void A_currency_that_is_not_listed_has_no_minimum_and_a_listed_0_is_none()
    {
        var book = Calendars.Book("""[{"when": {}, "minimum": {"EUR": 1, "USD": 0}, "maxWait": "P1D"}]""");
        Assert.Equal(1, Agreed(book)?.Minimum);
        Assert.Null(Agreed(book, currency: "USD"));
        Assert.Null(Agreed(book, currency: "GBP"));
    }

    [Fact]
    public void Without_payouts_nothing_is_agreed() => Assert.Null(Agreed(RuleBooks.With("")));

    [Theory]
    [InlineData("""{"when": {}, "calendar": "FR"}""", "$.payouts[0].calendar")]
    [InlineData("""{"when": {}, "calendar": 1}""", "$.payouts[0].calendar")]
    [InlineData("""{"when": {}, "cutOff": "16:00"}""", "$.payouts[0].cutOff")]
    [InlineData("""{"when": {}, "calendar": "DE", "cutOff": "24:00"}""", "$.payouts[0].cutOff")]
    [InlineData("""{"when": {}, "calendar": "DE", "cutOff": "00:00"}""", "$.payouts[0].cutOff")]
    [InlineData("""{"when": {}, "calendar": "DE", "cutOff": "4pm"}""", "$.payouts[0].cutOff")]
    [InlineData("""{"when": {}, "maxWait": "P1D"}""", "$.payouts[0].maxWait")]
    [InlineData("""{"when": {}, "minimum": {"EUR": 1}, "maxWait": "P400D"}""", "$.payouts[0].maxWait")]
    [InlineData("""{"when": {}, "minimum": {"EUR": -1}}""", "$.payouts[0].minimum.EUR")]
    [InlineData("""{"when": {}, "minimum": {"XXX": 1}}""", "$.payouts[0].minimum.XXX")]
    [InlineData("""{"when": {}, "minimum": 100}""", "$.payouts[0].minimum")]
    [InlineData("""{"when": {}, "weekends": true}""", "$.payouts[0].weekends")]
    [InlineData("""{"when": {}}, {"when": {}}""", "$.payouts[1].when")]
    [InlineData("""{"calendar": "DE"}""", "$.payouts[0].when")]
    public void A_mistake_is_named_where_it_stands(string rule, string path) =>
        Assert.Equal([$"a.json {path}"], Calendars.Problems([RuleBooks.Set($"\"payouts\": [{rule}]")], Year));

    [Fact]
    public void The_merchants_country_needs_a_calendar_at_all() =>
        Assert.Equal(["a.json $.payouts[0].calendar"], Calendars.Problems([RuleBooks.Set("""
            "payouts": [{"when": {}, "calendar": "MERCHANT_COUNTRY"}]
            """)]));

    [Theory]
    [InlineData("""{"2026": {"holidays": {}}, "2028": {"holidays": {}}}""", "$.years")]
    [InlineData("{}", "$.years")]
    [InlineData("""{"2026": {"holidays": {}}, "26": {"holidays": {}}}""", "$.years.26")]
    [InlineData("""{"2026": {}}""", "$.years.2026.holidays")]
    [InlineData("""{"2026": {"holidays": {"2027-01-01": "New Year"}}}""", "$.years.2026.holidays.2027-01-01")]
    [InlineData("""{"2026": {"holidays": {"2026-02-29": "no such day"}}}""", "$.years.2026.holidays.2026-02-29")]
    [InlineData("""{"2026": {"holidays": {"2026-01-01": 1}}}""", "$.years.2026.holidays.2026-01-01")]
    [InlineData("""{"2026": {"holidays": {}, "workdays": {"2026-01-02": "a Friday"}}}""", "$.years.2026.workdays.2026-01-02")]
    [InlineData("""{"2026": {"holidays": {"2026-01-03": "x"}, "workdays": {"2026-01-03": "x"}}}""", "$.years.2026.workdays.2026-01-03")]
    public void A_calendar_that_cannot_be_used_is_refused_with_the_rules(string years, string path) =>
        Assert.Equal([$"calendars/a.json {path}"], Calendars.Problems([], Calendars.Json(years)));

    [Fact]
    public void A_calendar_says_where_it_comes_from_and_has_a_name_of_its_own()
    {
        Assert.Equivalent(
            new[] { "calendars/a.json $.source", "calendars/a.json $.licence", "calendars/a.json $.weekend[0]", "calendars/a.json $.years" },
            Calendars.Problems([], """{"name": "DE", "source": "", "weekend": ["Saturday"]}"""), strict: true);
        Assert.Equal(["calendars/b.json $.name"], Calendars.Problems([], Year, Year));
        Assert.Equal(["calendars/a.json $.name"], Calendars.Problems([], Calendars.Json("""{"2026": {"holidays": {}}}""", name: "MERCHANT_COUNTRY")));
        Assert.Equal(["calendars/a.json $"], Calendars.Problems([], "{"));
    }

    [Fact]
    public void A_rule_that_names_a_broken_calendar_is_not_blamed() =>
        Assert.Equal(["calendars/a.json $.years"], Calendars.Problems([RuleBooks.Set("""
            "payouts": [{"when": {}, "calendar": "DE"}]
            """)], Calendars.Json("{}")));
}
