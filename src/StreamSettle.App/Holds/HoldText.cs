using System.Globalization;
using System.Text;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;

namespace StreamSettle.App.Holds;

/// <summary>Holds as text for a terminal.</summary>
static class HoldText
{
    /// <param name="width">Of the terminal; null where it goes elsewhere.</param>
    public static string List(HoldList holds, int? width = null)
    {
        if (holds.Items.Count == 0)
        {
            return "nothing is held" + Environment.NewLine;
        }

        var text = new StringBuilder();
        Rows(text, holds.Items, width);
        if (holds.Next is { } next)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"There are more: --after {next}");
        }

        return text.ToString();
    }

    /// <summary>As a section of an order's history.</summary>
    public static string OfOrder(IReadOnlyList<HoldAnswer> holds, int? width = null)
    {
        var text = new StringBuilder().AppendLine().AppendLine("Held");
        Rows(text, holds, width);
        return text.ToString();
    }

    public static string Done(HoldAnswer hold)
    {
        var what = hold.State == "standing" ? $"held: {hold.Scope} by {hold.By}, {End(hold)}" : $"{hold.State}: {hold.Scope}{(hold.ReleasedBy is { } by ? $" by {by}" : "")}";
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{what} (hold {hold.Id})");
        foreach (var instance in hold.Unconfirmed)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not confirmed: {FailureText.OneLine(instance)}");
        }

        return text.ToString();
    }

    static void Rows(StringBuilder text, IReadOnlyList<HoldAnswer> holds, int? width)
    {
        var table = new TextTable(false, false, false, false, false, false, false);
        table.Add("ID", "SCOPE", "STATE", "BY", "SINCE", "UNTIL", "REASON");
        foreach (var hold in holds)
        {
            table.Add(hold.Id, hold.Scope, hold.ReleasedBy is { } by ? $"{hold.State} by {by}" : hold.State, hold.By, hold.Since, hold.Until ?? "-", FailureText.OneLine(hold.Reason));
        }

        table.AppendTo(text, width);
    }

    static string End(HoldAnswer hold) => hold.Until is { } until ? $"until {until}" : "until it is released";
}
