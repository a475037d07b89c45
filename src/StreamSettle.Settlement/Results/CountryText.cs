using System.Text;

namespace StreamSettle.Settlement.Results;

/// <summary>The text of a country column. Two capital letters, which nearly all are, come from a table, so that a tax line allocates no text.</summary>
internal static class CountryText
{
    const int Letters = 26;

    static readonly string[] TwoLetters =
        [.. Enumerable.Range(0, Letters * Letters).Select(i => $"{(char)('A' + i / Letters)}{(char)('A' + i % Letters)}")];

    public static string Of(ReadOnlySpan<byte> column) =>
        column.Length == 2 && char.IsAsciiLetterUpper((char)column[0]) && char.IsAsciiLetterUpper((char)column[1])
            ? TwoLetters[(column[0] - 'A') * Letters + column[1] - 'A']
            : Encoding.UTF8.GetString(column);
}
