using System.Reflection;
using StreamSettle.Audit.History;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Tests.Rows;

public class ReasonTests
{
    [Fact]
    public void Every_refusal_has_its_words_and_every_word_its_refusal() => Assert.Equal(
        typeof(Refusals).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order(),
        ReasonText.Codes.Order());

    [Theory]
    [InlineData("intake", "a change of orders cannot be read", "could not be read")]
    [InlineData("calculation", "no_rules", "rule set")]
    [InlineData("tax", "unknown: 504", "may have happened")]
    [InlineData("tax", "422: no", "rejected")]
    [InlineData("tax", "408", "attempts were used up")]
    [InlineData("tax", "ConnectionError", "attempts were used up")]
    public void A_reason_has_words(string stage, string reason, string words) => Assert.Contains(words, ReasonText.Of(stage, reason), StringComparison.Ordinal);

    [Fact]
    public void A_refused_orders_history_begins_with_the_words()
    {
        Assert.Contains("Correct the row", ReasonText.OfState("refused: bad_amount, held"), StringComparison.Ordinal);
        Assert.Null(ReasonText.OfState("completed"));
    }
}
