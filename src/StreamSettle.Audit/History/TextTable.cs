using System.Globalization;
using System.Text;

namespace StreamSettle.Audit.History;

/// <summary>Rows whose columns stand below each other. Empty columns vanish; line breaks, terminal escapes and marks of direction in a cell become spaces.</summary>
/// <param name="rightAligned">By column.</param>
public sealed class TextTable(params bool[] rightAligned)
{
    const string Indent = "  ";

    /// <summary>Narrower, and the last column would be a word a line.</summary>
    const int LeastLast = 20;

    readonly List<string[]> rows = [];

    public void Add(params string[] cells) => rows.Add([.. cells.Select(OneLine)]);

    /// <param name="width">
    /// Cells of a line; null for any. Where the rows are wider the last column goes on below itself; where that has no room either, what does not fit beside
    /// the first columns stands below them.
    /// </param>
    public void AppendTo(StringBuilder text, int? width = null)
    {
        var columns = Columns();
        var beside = Beside(columns, width);
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            foreach (var column in columns.Take(beside))
            {
                var pad = column.Width - CellWidth.Of(row[column.Index]);
                line.Append(Indent).Append(' ', rightAligned[column.Index] ? pad : 0).Append(row[column.Index]).Append(' ', rightAligned[column.Index] ? 0 : pad);
            }

            if (beside < columns.Count)
            {
                AppendRest(text, line.ToString(), row, columns, beside, width!.Value);
            }
            else
            {
                text.AppendLine(line.ToString().TrimEnd());
            }
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

    /// <summary>Those that have something in them, with where they begin.</summary>
    List<(int Index, int Start, int Width)> Columns()
    {
        List<(int Index, int Start, int Width)> columns = [];
        var at = 0;
        for (var column = 0; column < rightAligned.Length; column++)
        {
            var width = rows.Select(row => CellWidth.Of(row[column])).DefaultIfEmpty().Max();
            if (width > 0)
            {
                columns.Add((column, at + Indent.Length, width));
                at += Indent.Length + width;
            }
        }

        return columns;
    }

    /// <summary>How many columns stand beside each other, each in one line.</summary>
    static int Beside(List<(int Index, int Start, int Width)> columns, int? width)
    {
        if (width is not { } most || columns.Count < 2 || columns[^1].Start + columns[^1].Width <= most)
        {
            return columns.Count;
        }

        return columns[^1].Start + LeastLast <= most ? columns.Count - 1 : Math.Max(1, columns.TakeWhile(column => column.Start + column.Width <= most).Count());
    }

    /// <summary>The columns that have no room in the row's line: a single one beside it, where there is enough for it, else each below.</summary>
    static void AppendRest(StringBuilder text, string line, string[] row, List<(int Index, int Start, int Width)> columns, int beside, int width)
    {
        var isBeside = beside == columns.Count - 1 && columns[^1].Start + LeastLast <= width;
        var start = isBeside ? columns[^1].Start : columns[1].Start;
        if (!isBeside)
        {
            text.AppendLine(line.TrimEnd());
        }

        var margin = isBeside ? line + Indent : new string(' ', start);
        foreach (var cell in columns.Skip(beside).Select(column => row[column.Index]).Where(cell => isBeside || cell.Length > 0))
        {
            foreach (var part in TextLines.Break(cell, width - start, width - start))
            {
                text.AppendLine((margin + part).TrimEnd());
                margin = new(' ', start);
            }
        }
    }

    static bool IsUnseen(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
