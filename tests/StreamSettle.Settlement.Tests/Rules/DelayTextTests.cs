using StreamSettle.Settlement.Calculation;

namespace StreamSettle.Settlement.Tests.Rules;

public class DelayTextTests
{
    [Theory]
    [InlineData("P1W", "7.00:00:00")]
    [InlineData("P01D", "1.00:00:00")]
    [InlineData("P1DT2H3M4.5S", "1.02:03:04.5000000")]
    [InlineData("PT0.000001S", "00:00:00.0000010")]
    [InlineData("PT1.0000000S", "00:00:01")]
    [InlineData("P366D", "366.00:00:00")]
    [InlineData("PT8784H", "366.00:00:00")]
    public void A_delay_moves_the_mark(string text, string expected)
    {
        var book = RuleBooks.With(Delay(text));
        var order = new TestOrder();

        var due = SettlementCalculator.DueAt(book, order.Facts, order.MerchantFacts);

        Assert.Equal(TimeSpan.Parse(expected), due - order.Facts.CompletedAt);
    }

    [Theory]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1W1D")]
    [InlineData("PT1")]
    [InlineData("PT1S1M")]
    [InlineData("PT1.5H")]
    [InlineData("PT.5S")]
    [InlineData("PT1.S")]
    [InlineData("PT1,5S")]
    [InlineData("PT0.0000001S")]
    [InlineData("pt1h")]
    [InlineData("P1D\\n")]
    [InlineData(" P1D")]
    [InlineData("+P1D")]
    [InlineData("P\\u0661D")]
    [InlineData("PT8784H0.000001S")]
    [InlineData("PT99999999999999999999999S")]
    public void What_is_no_delay_or_beyond_366_days_is_refused(string text) =>
        Assert.Equal(["a.json $.delays[0].delay"], RuleBooks.Problems(RuleBooks.Set(Delay(text))));

    static string Delay(string text) => $$"""
        "delays": [{"when": {}, "delay": "{{text}}"}]
        """;
}
