using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

public class NarrowTerminalTests
{
    const int Narrow = 60;

    [Fact]
    public void A_long_line_is_broken_at_spaces_and_goes_on_below_its_text() => Assert.Equal(
        "fail  source: the role may not read\n      public.orders. Run GRANT\n      SELECT;",
        TerminalText.Wrap("fail  source: the role may not read public.orders. Run GRANT SELECT;", 36, 6));

    [Fact]
    public void Where_no_terminal_is_a_line_stays_a_line() => Assert.Equal(new string('x', 300) + " y", TerminalText.Wrap(new string('x', 300) + " y", null, 2));

    [Fact]
    public void What_is_there_to_be_copied_is_never_broken()
    {
        var address = $"http://127.0.0.1:8787/{new string('a', 80)}";
        Assert.Contains(TerminalText.Wrap($"The service at {address} cannot be reached.", Narrow, 2).Split('\n'), line => line.Contains(address, StringComparison.Ordinal));
    }

    [Fact]
    public void Dead_letters_are_a_table_where_there_is_room_and_paragraphs_where_there_is_none()
    {
        var letters = new DeadLetterList([Letter("42:split:0"), Letter("43:verification:0")], null);

        var wide = DeadLetterText.List(letters, 200);
        Assert.Equal(DeadLetterText.List(letters), wide);
        Assert.Contains("ID", wide.Split('\n')[0], StringComparison.Ordinal);
        var narrow = DeadLetterText.List(letters, Narrow);
        Assert.All(narrow.Split('\n'), line => Assert.True(line.Length <= Narrow, line));
        Assert.StartsWith("42:split:0\n  split, merchant 7, since 2026-11-28T10:00:00Z, attempts 20\n", narrow, StringComparison.Ordinal);
        Assert.All(DeadLetterText.One(letters.Items[0], Narrow).Split('\n')[..^2], line => Assert.True(line.Length <= Narrow, line));
    }

    static DeadLetterAnswer Letter(string id) => new(
        id, id.Split(':')[1], 42, 7, "503: the system is too busy with itself to answer, and says so at length",
        "The system did not take the call however often it was repeated. Ask who runs it, then replay.", "2026-11-28T10:00:00Z", 20, null, null, null, null, "{}");
}
