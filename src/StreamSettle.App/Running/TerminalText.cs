using System.Text;
using StreamSettle.Audit.History;

namespace StreamSettle.App.Running;

/// <summary>Text as wide as the terminal that it goes to. What goes to a file or another program stays one line.</summary>
static class TerminalText
{
    /// <summary>Narrower, and there would be a word a line.</summary>
    const int NarrowestWidth = 20;

    /// <summary>Of the standard output; null where that is no terminal.</summary>
    public static int? OutputWidth => Console.IsOutputRedirected ? null : Width();

    /// <summary>Of the standard error.</summary>
    public static int? ErrorWidth => Console.IsErrorRedirected ? null : Width();

    /// <summary>Breaks lines as <see cref="TextLines"/> does.</summary>
    /// <param name="indent">Spaces before each line but the first of a paragraph.</param>
    public static string Wrap(string text, int? width, int indent)
    {
        if (width is not { } most)
        {
            return text;
        }

        var wrapped = new StringBuilder();
        foreach (var paragraph in text.Split('\n'))
        {
            wrapped.Append(wrapped.Length > 0 ? "\n" : "");
            Append(wrapped, paragraph.TrimEnd('\r'), Math.Max(most, NarrowestWidth), indent);
        }

        return wrapped.ToString();
    }

    static void Append(StringBuilder to, string paragraph, int width, int indent)
    {
        var margin = paragraph.Length - paragraph.TrimStart(' ').Length;
        var lines = TextLines.Break(paragraph[margin..], width - margin, width - margin - indent);
        to.Append(' ', margin).AppendJoin("\n" + new string(' ', margin + indent), lines);
    }

    static int? Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
