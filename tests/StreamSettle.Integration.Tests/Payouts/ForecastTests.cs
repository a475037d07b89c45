using StreamSettle.App.Http.Answers;
using StreamSettle.App.Payouts;
using Xunit;

namespace StreamSettle.Integration.Tests.Payouts;

/// <summary>What waits on several instances as one, and as text.</summary>
public class ForecastTests
{
    static readonly ForecastAnswer Tokyo = new(
        "2026-11-01T12:00:00Z", [new("2026-11-01T15:00:00Z", "JPY", 2, 3_000), new("2026-11-02T00:00:00Z", "EUR", 1, 8_600), new(null, "EUR", 1, 5)],
        [new(438, "EUR", 1, 8_600, 20_000, null, false)], 1, []);

    static readonly ForecastAnswer Berlin = new(
        "2026-11-01T12:00:01Z", [new("2026-11-02T00:00:00Z", "EUR", 3, 1_400), new("2026-11-02T00:00:00.5Z", "EUR", 1, 1)],
        [new(437, "EUR", 2, 17_200, 20_000, "2026-12-01T00:00:00Z", false), new(440, "KWD", 9, 1_234_567, 1_000_000, "2026-11-30T00:00:00Z", true)], 7,
        ["instance c: it cannot be heard: Connection refused"]);

    [Fact]
    public void Sums_of_one_instant_are_added_and_what_has_no_date_comes_last()
    {
        var both = Tokyo.Plus(Berlin, 2);
        Assert.Equal("2026-11-01T12:00:00Z", both.Time);
        Assert.Equal(
            [new("2026-11-01T15:00:00Z", "JPY", 2, 3_000), new("2026-11-02T00:00:00Z", "EUR", 4, 10_000), new("2026-11-02T00:00:00.5Z", "EUR", 1, 1), new(null, "EUR", 1, 5)], both.Due);
        Assert.Equal([440, 437], both.Gathering.Select(one => one.MerchantId));
        Assert.Equal(8, both.GatheringTotal);
        Assert.Single(both.NotHeard);
        Assert.Equal(both.Due, Berlin.Plus(Tokyo, 2).Due);
    }

    [Fact]
    public void It_is_told_how_much_goes_when() => Assert.Equal(
        """
        Payouts by the time from which on they may go
          FROM                    SPLITS  FOR MERCHANTS
          2026-11-01T15:00:00Z         2       3000 JPY
          2026-11-02T00:00:00Z         4     100.00 EUR
          2026-11-02T00:00:00.5Z       1       0.01 EUR
          nobody can say               1       0.05 EUR

        Payouts that wait for a minimum
          MERCHANT  SPLITS        SO FAR       MINIMUM  AT THE LATEST
               440       9  1234.567 KWD  1000.000 KWD  going now
               437       2    172.00 EUR    200.00 EUR  2026-12-01T00:00:00Z
        There are 6 more: --limit, up to 1000
        not among these: instance c: it cannot be heard: Connection refused

        """,
        ForecastText.Of(Tokyo.Plus(Berlin, 2)).ReplaceLineEndings("\n"));

    [Fact]
    public void Where_nothing_waits_that_is_said() => Assert.Equal("no split waits for its payout" + Environment.NewLine, ForecastText.Of(new("2026-11-01T12:00:00Z", [], [], 0, [])));
}
