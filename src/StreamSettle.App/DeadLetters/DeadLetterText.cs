using System.Globalization;
using System.Text;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;

namespace StreamSettle.App.DeadLetters;

/// <summary>Dead letters as text for a terminal.</summary>
static class DeadLetterText
{
    /// <summary>A row each, then what their reasons mean, once for all that share it.</summary>
    /// <param name="width">Of the terminal; null where it goes elsewhere.</param>
    public static string List(DeadLetterList letters, int? width = null)
    {
        if (letters.Items.Count == 0)
        {
            return "nothing waits for a person" + Environment.NewLine;
        }

        var text = new StringBuilder();
        Rows(text, letters.Items, width);
        foreach (var meaning in letters.Items.GroupBy(letter => letter.Meaning).Where(same => same.Key is not null))
        {
            var ids = meaning.Select(letter => letter.Id).ToArray();
            var about = meaning.Select(letter => letter.Reason).Distinct().ToArray() is [var reason] ? FailureText.OneLine(reason) : Some(ids);
            text.AppendLine().AppendLine(TerminalText.Wrap(about, width, 0))
                .AppendLine(TerminalText.Wrap($"  {meaning.Key}", width, 0));
        }

        if (letters.Next is { } next)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"There are more: --after {next}");
        }

        return text.ToString();
    }

    /// <summary>One with all that is known of it, its bytes last.</summary>
    public static string One(DeadLetterAnswer letter, int? width = null)
    {
        var facts = new TextTable(false, false);
        (string Name, string? Value)[] known =
        [
            ("id", letter.Id), ("stage", letter.Stage), ("order", letter.OrderId?.ToString(CultureInfo.InvariantCulture)), ("merchant", letter.MerchantId?.ToString(CultureInfo.InvariantCulture)),
            ("since", letter.Since), ("attempts", letter.Attempts == 0 ? null : letter.Attempts.ToString(CultureInfo.InvariantCulture)), ("reason", letter.Reason), ("meaning", letter.Meaning), ("being discarded by", letter.DiscardedBy),
            ("record", letter.Topic is null ? null : string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}-{letter.Partition}@{letter.Offset}")),
        ];
        foreach (var (name, value) in known.Where(fact => fact.Value is not null))
        {
            facts.Add(name, value!);
        }

        var text = new StringBuilder();
        facts.AppendTo(text, width);
        return text.AppendLine().AppendLine(letter.Payload?.ReplaceLineEndings()).ToString();
    }

    /// <summary>As a section of an order's history.</summary>
    public static string OfOrder(IReadOnlyList<DeadLetterAnswer> letters, int? width = null)
    {
        var text = new StringBuilder().AppendLine().AppendLine("Waits for a person");
        Rows(text, letters, width);
        foreach (var meaning in letters.Select(letter => letter.Meaning).OfType<string>().Distinct())
        {
            text.AppendLine(TerminalText.Wrap($"  {meaning}", width, 0));
        }

        return text.ToString();
    }

    /// <summary>A table, or where that is wider than the terminal a few lines for each.</summary>
    static void Rows(StringBuilder text, IReadOnlyList<DeadLetterAnswer> letters, int? width)
    {
        var table = new TextTable(false, false, true, true, false, true, false);
        table.Add("ID", "STAGE", "ORDER", "MERCHANT", "SINCE", "ATTEMPTS", "REASON");
        foreach (var letter in letters)
        {
            table.Add(
                letter.Id, letter.Stage, letter.OrderId?.ToString(CultureInfo.InvariantCulture) ?? "-", letter.MerchantId?.ToString(CultureInfo.InvariantCulture) ?? "-", letter.Since,
                letter.Attempts.ToString(CultureInfo.InvariantCulture), Reason(letter));
        }

        var rows = new StringBuilder();
        table.AppendTo(rows);
        if (width is { } most && rows.ToString().Split('\n').Max(CellWidth.Of) > most)
        {
            rows.Clear();
            foreach (var letter in letters)
            {
                var merchant = letter.MerchantId is { } id ? string.Create(CultureInfo.InvariantCulture, $", merchant {id}") : "";
                var attempts = letter.Attempts > 0 ? string.Create(CultureInfo.InvariantCulture, $", attempts {letter.Attempts}") : "";
                rows.AppendLine(letter.Id).AppendLine(TerminalText.Wrap($"  {letter.Stage}{merchant}, since {letter.Since}{attempts}", width, 0))
                    .AppendLine(TerminalText.Wrap($"  {FailureText.OneLine(Reason(letter))}", width, 0));
            }
        }

        text.Append(rows);
    }

    static string Reason(DeadLetterAnswer letter) => letter.DiscardedBy is { } by ? $"being discarded by {by}; {letter.Reason}" : letter.Reason;

    static string Some(string[] ids)
    {
        const int most = 3;
        return string.Join(", ", ids.Take(most)) + (ids.Length > most ? $" and {ids.Length - most} more" : "");
    }
}
