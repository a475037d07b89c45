using System.Globalization;
using System.Text;

namespace StreamSettle.Audit.History;

/// <summary>Rows whose columns stand below each other. Empty columns vanish; line breaks, terminal escapes and marks of direction in a cell become spaces.</summary>
/// <param name="rightAligned">By column.</param>
public sealed class TextTable(params bool[] rightAligned)
{
    const string Indent = "  ";

    readonly List<string[]> rows = [];

    public void Add(params string[] cells) => rows.Add([.. cells.Select(OneLine)]);

    public void AppendTo(StringBuilder text)
    {
        var widths = Enumerable.Range(0, rightAligned.Length).Select(column => rows.Select(row => row[column].Length).DefaultIfEmpty().Max()).ToArray();
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                if (widths[column] > 0)
                {
                    line.Append(Indent).Append(rightAligned[column] ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]));
                }
            }

            text.AppendLine(line.ToString().TrimEnd());
        }
    }

    /// <summary>Somebody else's words as an operator's screen bears them: line breaks, terminal escapes, and marks that turn the direction of what follows become spaces.</summary>
    public static string OneLine(string cell) => string.Create(cell.Length, cell, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = IsUnseen(source[i]) ? ' ' : source[i];
        }
    });

    static bool IsUnseen(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
