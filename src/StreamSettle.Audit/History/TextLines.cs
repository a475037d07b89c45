using System.Text;

namespace StreamSettle.Audit.History;

/// <summary>
/// Breaks a text into lines of a terminal: at spaces, and where letters stand that take two cells. A number is never parted from what it counts, nor an amount from its
/// currency; what is longer than a line, such as an address, is left whole.
/// </summary>
public static class TextLines
{
    const int WideCells = 2;

    /// <param name="first">Cells of the first line.</param>
    /// <param name="others">Cells of the lines after it.</param>
    public static IReadOnlyList<string> Break(string text, int first, int others)
    {
        List<string> lines = [];
        var line = new StringBuilder();
        var (at, room) = (0, first);
        foreach (var (piece, space) in Pieces(text))
        {
            var width = CellWidth.Of(piece);
            if (line.Length > 0 && at + space + width > room)
            {
                lines.Add(line.ToString());
                line.Clear();
                (at, room) = (0, others);
            }
            else
            {
                line.Append(' ', space);
                at += space;
            }

            line.Append(piece);
            at += width;
        }

        lines.Add(line.ToString());
        return lines;
    }

    /// <summary>What stays together, with the space before it: one or none.</summary>
    static IEnumerable<(string Text, int Space)> Pieces(string text)
    {
        var words = text.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            var (word, space) = (words[i], i > 0 ? 1 : 0);
            while (IsNumber(words[i]) && i + 1 < words.Length)
            {
                word += " " + words[++i];
            }

            foreach (var part in Parts(word))
            {
                yield return (part, space);
                space = 0;
            }
        }
    }

    static bool IsNumber(string word) => word.Length > 0 && char.IsAsciiDigit(word[^1]) && word.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-' or '+');

    /// <summary>A word, broken before and after each letter that takes two cells.</summary>
    static IEnumerable<string> Parts(string word)
    {
        var part = new StringBuilder();
        var wasWide = false;
        foreach (var letter in word.EnumerateRunes())
        {
            var width = CellWidth.Of(letter);
            if (part.Length > 0 && width > 0 && (wasWide || width == WideCells))
            {
                yield return part.ToString();
                part.Clear();
            }

            part.Append(letter.ToString());
            wasWide = width == WideCells || (wasWide && width == 0);
        }

        yield return part.ToString();
    }
}
