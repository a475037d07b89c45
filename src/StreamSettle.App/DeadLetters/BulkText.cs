using System.Globalization;
using System.Text;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;

namespace StreamSettle.App.DeadLetters;

/// <summary>Dead letters in bulk as text for a terminal.</summary>
static class BulkText
{
    /// <summary>A row each, the largest first, then what their reasons mean.</summary>
    /// <param name="width">Of the terminal; null where it goes elsewhere.</param>
    public static string Groups(DeadLetterGroupList list, int? width = null)
    {
        if (list.Count == 0)
        {
            return "nothing waits for a person" + Environment.NewLine;
        }

        var (text, table) = (new StringBuilder(), new TextTable(true, false, false, false, false, false));
        table.Add("LETTERS", "STAGE", "OLDEST", "NEWEST", "EXAMPLE", "REASON");
        foreach (var group in list.Groups)
        {
            table.Add(group.Count.ToString(CultureInfo.InvariantCulture), group.Stage, group.Oldest, group.Newest, group.Example, FailureText.OneLine(group.Reason));
        }

        table.AppendTo(text, width);
        if (list.Others > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"and {list.Others} more for other reasons");
        }

        foreach (var meaning in list.Groups.Where(group => group.Meaning is not null).DistinctBy(group => group.Meaning))
        {
            text.AppendLine().AppendLine(TerminalText.Wrap(FailureText.OneLine(meaning.Reason), width, 0)).AppendLine(TerminalText.Wrap($"  {meaning.Meaning}", width, 0));
        }

        return text.ToString();
    }

    /// <summary>What a whole run came to.</summary>
    public static string Done(BulkAnswer last, int done, IReadOnlyList<RefusedLetter> refused, int? width = null)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"accepted: {last.Action} of {done} as of {last.AsOf} by {last.By} (request {last.RequestId})");
        if (refused.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"refused: {refused.Count}");
        }

        foreach (var letter in refused)
        {
            text.AppendLine(TerminalText.Wrap($"{letter.Id}: {FailureText.OneLine(letter.Why)}", width, 2));
        }

        return text.ToString();
    }
}
