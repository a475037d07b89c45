using System.Globalization;
using System.Text;
using Spectre.Console;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Money;
using StreamSettle.Sandbox.Auditing.Report;

namespace StreamSettle.App.Demo;

/// <summary>Money by party and currency: a table where it fits, else a line an amount. An amount is never broken.</summary>
static class DemoMoney
{
    /// <summary>What a column has around its text: a space on each side, and the line between two.</summary>
    const int Around = 3;

    static readonly string[] Parties = ["merchant", "platform", "carrier", "promoter", "tax"];

    public static void Show(IReadOnlyList<MoneyTotal> totals) => Show(totals, AnsiConsole.Console);

    internal static void Show(IReadOnlyList<MoneyTotal> totals, IAnsiConsole console)
    {
        string[][] rows =
        [
            .. totals.GroupBy(total => total.Currency).OrderBy(group => group.Key)
                .Select(group => (string[])[group.Key, .. Parties.Select(party => Amount(group.Key, group.Where(total => total.Kind == party)))]),
        ];
        string[] heads = ["", .. Parties];
        var width = heads.Select((head, column) => rows.Select(row => row[column].Length).Append(head.Length).Max() + Around).Sum();
        if (width <= console.Profile.Width)
        {
            console.Write(Across(heads, rows));
        }
        else
        {
            console.WriteLine(Down(rows));
        }
    }

    static Table Across(string[] heads, string[][] rows)
    {
        var table = new Table().SimpleBorder();
        for (var column = 0; column < heads.Length; column++)
        {
            table.AddColumn(column == 0 ? new TableColumn(heads[0]).NoWrap() : new TableColumn(heads[column]).RightAligned().NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        return table;
    }

    static string Down(string[][] rows)
    {
        var table = new TextTable(false, false, true);
        foreach (var row in rows)
        {
            for (var party = 0; party < Parties.Length; party++)
            {
                table.Add(party == 0 ? row[0] : "", Parties[party], row[party + 1]);
            }
        }

        var text = new StringBuilder();
        table.AppendTo(text);
        return text.ToString();
    }

    static string Amount(string code, IEnumerable<MoneyTotal> totals)
    {
        var minor = totals.Aggregate(Int128.Zero, (sum, total) => sum + total.Settled - total.Reversed);
        return Currency.TryParse(code, out var currency) ? new DecimalAmount(minor, (byte)currency.Digits).ToString() : minor.ToString(CultureInfo.InvariantCulture);
    }
}
