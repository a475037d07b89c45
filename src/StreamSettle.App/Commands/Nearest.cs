namespace StreamSettle.App.Commands;

/// <summary>Finds what somebody who mistyped a word may have meant.</summary>
static class Nearest
{
    /// <summary>A third of a word may be wrong, and two letters of a short one.</summary>
    const int WrongShare = 3;

    const int AlwaysForgiven = 2;

    /// <returns>The nearest of the words by insertions, deletions, exchanges and swaps of neighbours; null where none is near.</returns>
    public static string? Of(string word, IEnumerable<string> known) => Of(word, known, Math.Max(AlwaysForgiven, word.Length / WrongShare));

    /// <inheritdoc cref="Of(string, IEnumerable{string})"/>
    /// <param name="most">More changes than these make another word.</param>
    public static string? Of(string word, IEnumerable<string> known, int most) =>
        known.Select(candidate => (Word: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= most && candidate.Distance < candidate.Word.Length).OrderBy(candidate => candidate.Distance).FirstOrDefault().Word;

    static int Distance(string left, string right)
    {
        var distances = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                distances[i, j] = i == 0 || j == 0 ? i + j : Step(distances, left, right, i, j);
            }
        }

        return distances[left.Length, right.Length];
    }

    static int Step(int[,] distances, string left, string right, int i, int j)
    {
        var same = left[i - 1] == right[j - 1] ? 0 : 1;
        var least = Math.Min(distances[i - 1, j - 1] + same, Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1);
        return i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] ? Math.Min(least, distances[i - 2, j - 2] + 1) : least;
    }
}
