using Wcwidth;

namespace StreamSettle.Audit.History;

/// <summary>How many cells of a terminal a text takes: letters of the East take two, marks upon others none.</summary>
public static class CellWidth
{
    public static int Of(string text)
    {
        var width = 0;
        foreach (var letter in text.EnumerateRunes())
        {
            width += Of(letter);
        }

        return width;
    }

    public static int Of(System.Text.Rune letter) => Math.Max(0, UnicodeCalculator.GetWidth(letter));
}
