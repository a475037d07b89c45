using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Calculation;

namespace StreamSettle.Settlement.Tests.Rules;

public class RuleBookTests
{
    static readonly Settlement.Rules.RuleBook Book = RuleBooks.Of(
        RuleBooks.Set("""
            "delays": [{"when": {}, "delay": "PT2H"}, {"when": {"tier": "KA"}, "delay": "PT1H"}]
            """, "later", "2026-06-01T02:00:00+02:00"),
        RuleBooks.Set("", "earlier", "2026-01-01T00:00:00Z"));

    [Theory]
    [InlineData("2025-12-31T23:59:59.999999Z", null)]
    [InlineData("2026-01-01T00:00:00Z", "earlier")]
    [InlineData("2026-05-31T23:59:59.999999Z", "earlier")]
    [InlineData("2026-06-01T00:00:00Z", "later")]
    public void The_latest_set_that_was_effective_at_completion_is_in_force(string completedAt, string? version) =>
        Assert.Equal(version, Book.InForce(UtcInstant.Parse(completedAt))?.Version);

    [Theory]
    [InlineData("2025-12-31T12:00:00Z", "KA", "24:00:00")]
    [InlineData("2026-01-31T12:00:00Z", "KA", "24:00:00")]
    [InlineData("2026-07-01T12:00:00Z", "KA", "01:00:00")]
    [InlineData("2026-07-01T12:00:00Z", "STANDARD", "02:00:00")]
    [InlineData("2026-07-01T12:00:00Z", null, "02:00:00")]
    public void The_mark_is_a_day_after_completion_unless_a_rule_in_force_says_otherwise(string completedAt, string? tier, string delay)
    {
        var order = new TestOrder { CompletedAt = completedAt, Tier = tier, Currency = "no currency" };

        var expected = delay == "24:00:00" ? TimeSpan.FromDays(1) : TimeSpan.Parse(delay);
        Assert.Equal(UtcInstant.Parse(completedAt) + expected, SettlementCalculator.DueAt(Book, order.Facts, order.MerchantFacts));
    }

    [Fact]
    public void A_version_can_be_asked_for_by_name()
    {
        Assert.Equal("later", Book.OfVersion("later")?.Version);
        Assert.Null(Book.OfVersion("LATER"));
    }
}
