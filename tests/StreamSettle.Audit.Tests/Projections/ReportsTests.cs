using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>What events change of the views, without a database.</summary>
public sealed class ReportsTests
{
    [Fact]
    public void Views_that_are_changed_page_by_page_are_those_that_a_naive_count_of_the_whole_log_gives() => Seeds.Each(40, seed =>
    {
        var log = RandomLog.Create(seed, 30);
        var views = new MemoryViews();
        for (var (at, random) = (0, new Random(seed)); at < log.Count;)
        {
            var page = log.GetRange(at, Math.Min(random.Next(1, 200), log.Count - at));
            views.Take(log[..at], page);
            at += page.Count;
        }

        ViewText.AssertSame(NaiveViews.Orders(log), views.Orders.Values, row => row.Id);
        ViewText.AssertSame(NaiveViews.Merchants(log), views.Merchants.Values, row => row.Id);
        ViewText.AssertSame(NaiveViews.Taxes(log), views.Taxes.Values, row => row.Id);
        ViewText.AssertSame(NaiveViews.Downstreams(log), views.Downstreams.Values, row => row.Id);
        ViewText.AssertSame(NaiveViews.DeadLetters(log), views.DeadLetters.Values, row => row.Id);
    });

    [Theory]
    [InlineData("EUR", 12_050, "120.5")]
    [InlineData("JPY", 12_050, "12050")]
    [InlineData("KWD", 12_050, "12.05")]
    public void An_amount_is_that_of_its_currency(string currency, long minor, string amount) =>
        Assert.Equal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Amounts.Of(minor, Amounts.Digits(currency)));

    [Fact]
    public void The_greatest_amounts_are_summed_and_do_not_overflow()
    {
        var views = new MemoryViews();
        var greatest = (SettlementCalculated)EventLog.Sample.Calculated() with { Net = long.MaxValue };
        views.Take([], [.. Enumerable.Range(1, 100).Select(order => ((long)order, (SettlementEvent)greatest))]);

        Assert.Equal(100m * long.MaxValue, Assert.Single(views.Merchants.Values).SettledMinor);
    }

    [Fact]
    public void An_order_that_is_held_before_its_money_is_divided_is_worth_what_nobody_knows()
    {
        var views = new MemoryViews();
        views.Take([], [(42, EventLog.Sample.Scheduled()), (42, new SettlementHeld("h", EventLog.Sample.RecordedAt, "everything", "look", "ann"))]);

        var row = Assert.Single(views.Merchants.Values);
        Assert.Equal(("", null, 1L, null, null), (row.Currency, row.Digits, row.HeldOrders, row.HeldMinor, row.Held));
    }

    [Theory]
    [InlineData("XAU")]
    [InlineData("")]
    public void A_currency_whose_digits_are_not_known_is_told_and_not_guessed(string currency)
    {
        var failure = Assert.Throws<CorruptStateException>(() => new MemoryViews().Take([], [(42, EventLog.Sample.Calculated(currency))]));
        Assert.Contains($"'{currency}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reversal_of_what_was_never_calculated_is_told() =>
        Assert.Contains("order 42", Assert.Throws<CorruptStateException>(() => new MemoryViews().Take([], [(42, new ReversalCalculated("r", EventLog.Sample.RecordedAt, 1, []))])).Message, StringComparison.Ordinal);
}
