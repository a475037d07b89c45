using System.Text;
using StreamSettle.Audit.History;
using Xunit;

namespace StreamSettle.Audit.Tests.History;

public sealed class TextTableTests
{
    [Fact]
    public void Letters_that_take_two_cells_and_marks_that_take_none_leave_the_columns_below_each_other()
    {
        var table = new TextTable(false, true, false);
        table.Add("\u4f59\u989d\u4e0d\u8db3", "1", "a");
        table.Add("cafe\u0301", "20", "b");

        Assert.Equal(["  \u4f59\u989d\u4e0d\u8db3   1  a", "  cafe\u0301      20  b"], Lines(table, null));
    }

    [Fact]
    public void Text_without_spaces_is_broken_between_its_wide_letters()
    {
        var table = new TextTable(false, false);
        table.Add("reason", string.Concat(Enumerable.Repeat("\u4f59\u989d\u4e0d\u8db3", 5)));

        var lines = Lines(table, 32);
        Assert.Equal([32, 28], lines.Select(CellWidth.Of));
        Assert.StartsWith("          \u8db3", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_to_be_copied_stays_whole_however_narrow_the_terminal()
    {
        var table = new TextTable(false, false);
        table.Add("record", "shop.public.orders-3@1234567890 it is");

        Assert.Equal(["  record", "          shop.public.orders-3@1234567890", "          it is"], Lines(table, 20));
    }

    [Theory]
    [InlineData("net 120.00 EUR", "net|120.00 EUR")]
    [InlineData("attempt 2, then", "attempt 2,|then")]
    [InlineData("19 % of 5 JPY", "19 % of|5 JPY")]
    public void A_number_is_not_parted_from_what_it_counts(string text, string lines) => Assert.Equal(lines, string.Join('|', TextLines.Break(text, 10, 10)));

    static string[] Lines(TextTable table, int? width)
    {
        var text = new StringBuilder();
        table.AppendTo(text, width);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
