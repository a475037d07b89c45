using System.Text.RegularExpressions;

namespace StreamSettle.Architecture.Tests;

/// <summary>
/// How long the functions of a file are: lines between the braces of a block that stands alone on its lines, as the formatter puts them, where it is no type's.
/// Blocks inside of a function are counted too, and are shorter.
/// </summary>
static partial class FunctionLengths
{
    public static IEnumerable<(int Line, int Length)> Of(IReadOnlyList<string> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            var opening = OpeningBrace().Match(lines[at]);
            if (opening.Success && !Type().IsMatch(HeadOf(lines, at)))
            {
                yield return (at + 1, EndOf(lines, at, opening.Groups[1].Value) - at - 1);
            }
        }
    }

    /// <summary>The declaration before a brace, on one line or several.</summary>
    static string HeadOf(IReadOnlyList<string> lines, int brace)
    {
        var from = brace;
        while (from > 0 && lines[from - 1].Trim() is not ("" or [.., ';' or '{' or '}']))
        {
            from--;
        }

        return string.Join(' ', lines.Skip(from).Take(brace - from));
    }

    static int EndOf(IReadOnlyList<string> lines, int brace, string indentation)
    {
        var end = brace + 1;
        while (end < lines.Count && !lines[end].StartsWith(indentation + "}", StringComparison.Ordinal))
        {
            end++;
        }

        return end;
    }

    [GeneratedRegex(@"^( *)\{$")]
    private static partial Regex OpeningBrace();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record|namespace)\b")]
    private static partial Regex Type();
}
