using StreamSettle.App.Http.Answers;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.App.DeadLetters;

/// <summary>Letters by stage and reason, counted.</summary>
sealed class DeadLetterGroups
{
    /// <summary>Most that are told apart: whatever systems say, the answer stays small.</summary>
    public const int Most = 100;

    readonly Dictionary<(string Stage, string Reason), DeadLetterGroup> groups = [];

    /// <summary>Letters of groups beyond <see cref="Most"/>.</summary>
    public int Others { get; private set; }

    public int Count { get; private set; }

    /// <summary>The largest first.</summary>
    public IReadOnlyList<DeadLetterGroup> Groups =>
        [.. groups.Values.OrderByDescending(group => group.Count).ThenBy(group => group.Stage, StringComparer.Ordinal).ThenBy(group => group.Reason, StringComparer.Ordinal)];

    public void Add(DeadLetter letter)
    {
        Count++;
        var (key, since) = ((letter.Stage, letter.Reason), letter.Since.ToString());
        if (groups.TryGetValue(key, out var known))
        {
            groups[key] = known with
            {
                Count = known.Count + 1, Oldest = string.CompareOrdinal(since, known.Oldest) < 0 ? since : known.Oldest, Newest = string.CompareOrdinal(since, known.Newest) > 0 ? since : known.Newest,
            };
        }
        else if (groups.Count < Most)
        {
            groups.Add(key, new(letter.Stage, letter.Reason, ReasonText.Of(letter.Stage, letter.Reason), 1, since, since, letter.Id));
        }
        else
        {
            Others++;
        }
    }
}
