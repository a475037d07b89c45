using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Auditing.Rules;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Audit;

public class AuditorTests
{
    [Fact]
    public void A_sound_world_is_sound()
    {
        var report = Scene.Sound().Judge();

        Assert.All(report.Findings, finding => Assert.Equal((Verdict.Holds, ""), (finding.Verdict, string.Join('\n', finding.Examples))));
        Assert.Equal(3, report.Outcomes[OrderOutcome.Completed]);
        Assert.Equal(new LatenessSummary(3, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)), report.FirstCalls);
        Assert.Equal(TimeSpan.FromMilliseconds(30), report.LastEffects.Max);
        Assert.Contains(new MoneyTotal("merchant", "EUR", 3 * 680, 68 + 136), report.Money);
        Assert.Contains(new MoneyTotal("promoter", "EUR", 60, 6), report.Money);
        Assert.Contains("I5  holds", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_world_without_anything_is_not_said_to_hold()
    {
        var scene = new Scene();
        scene.Stats.Clear();
        Assert.All(scene.Judge().Findings, finding => Assert.Equal(Verdict.NotChecked, finding.Verdict));
    }

    [Fact]
    public void Text_names_what_is_broken()
    {
        var scene = Scene.Sound();
        scene.Orders.Add(scene.Row(9, Scene.Seconds(3)));
        Assert.Contains("I2  BROKEN", scene.Judge().ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P1W", 7 * 24 * 3600)]
    [InlineData("PT24H", 24 * 3600)]
    [InlineData("P1DT1H30M0.5S", 24 * 3600 + 5400.5)]
    [InlineData("PT0S", 0)]
    public void Durations_are_read(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), IsoDuration.Parse(text));

    [Theory]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1Y")]
    [InlineData("1D")]
    public void What_is_no_duration_is_refused(string text) => Assert.Throws<FormatException>(() => IsoDuration.Parse(text));

    [Theory]
    [InlineData(7, "books", "KA", "DE", "EUR", 1)]
    [InlineData(8, "books", "KA", "DE", "EUR", 2)]
    [InlineData(8, "toys", "KA", "DE", "EUR", 3)]
    [InlineData(8, null, "STANDARD", "DE", "EUR", 4)]
    [InlineData(8, null, null, "FR", "EUR", 5)]
    public void The_heaviest_matching_delay_wins(long merchant, string? category, string? tier, string country, string currency, int hours)
    {
        var rules = DelayRules.Parse([("r.json", """
            {"effectiveFrom":"2026-01-01T00:00:00Z","delays":[
              {"when":{},"delay":"PT5H"},{"when":{"country":"DE","currency":"EUR"},"delay":"PT4H"},{"when":{"tier":"KA"},"delay":"PT3H"},
              {"when":{"category":"books"},"delay":"PT2H"},{"when":{"merchantId":7},"delay":"PT1H"}]}
            """)]);
        var completed = UtcInstant.Parse("2026-06-01T00:00:00Z");
        Assert.Equal(completed + TimeSpan.FromHours(hours), rules.DueAt(completed, merchant, tier, category, country, currency));
    }

    [Fact]
    public void The_set_in_force_at_the_completion_counts_and_before_the_first_it_is_a_day()
    {
        var rules = DelayRules.Parse(
        [
            ("a.json", """{"effectiveFrom":"2026-01-01T00:00:00+01:00","delays":[{"when":{},"delay":"PT1H"}]}"""),
            ("b.json", """{"effectiveFrom":"2026-02-01T00:00:00Z","delays":[{"when":{},"delay":"PT2H"}]}"""),
        ]);
        TimeSpan Delay(string at) => rules.DueAt(UtcInstant.Parse(at), 1, null, null, "DE", "EUR") - UtcInstant.Parse(at);
        Assert.Equal(
            [TimeSpan.FromHours(24), TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(2)],
            new[] { "2025-12-31T22:59:59Z", "2025-12-31T23:00:00Z", "2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00Z" }.Select(Delay));
    }

    [Fact]
    public void Rules_that_cannot_be_read_are_named()
    {
        var refused = Assert.Throws<UserMistakeException>(() => DelayRules.Parse([("odd.json", "{}")]));
        Assert.Contains("odd.json", refused.Message, StringComparison.Ordinal);
    }
}
