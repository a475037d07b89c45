using System.Text.Json.Serialization;
using StreamSettle.App.DeadLetters;

namespace StreamSettle.App.Http.Answers;

/// <summary>Replays or discards a bounded number of the letters that a filter lets, in the order of their ids; whoever asks goes on after the last.</summary>
/// <param name="Action"><c>replay</c> or <c>discard</c>.</param>
/// <param name="All">Has to be true where the filter names nothing.</param>
/// <param name="Reason">Why; a discard's stands in the order's history, and must not be left out.</param>
/// <param name="AsOf">Letters that came later do not count: one that comes back is not tried for ever. Left out, now.</param>
/// <param name="After">Id after which to begin.</param>
/// <param name="Limit">Most letters, 1 to 500; default 100.</param>
/// <param name="DryRun">Nothing is done; the answer says what would be.</param>
/// <param name="RequestId">Names the whole. Left out, a name is made.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record BulkRequest(
    string? Action, DeadLetterQuery? Filter = null, bool All = false, string? Reason = null, string? AsOf = null, string? After = null, int? Limit = null, bool DryRun = false,
    string? RequestId = null);

/// <param name="Matched">Letters that the filter lets, done or not, from the first on.</param>
/// <param name="Done">Of this request: they are in the log and will be carried out.</param>
/// <param name="Refused">Of this request: what cannot be done as things are, and why.</param>
/// <param name="Groups">What was matched, by stage and reason; only of a dry run.</param>
/// <param name="Next">Pass it as <c>after</c> to go on; null at the end.</param>
sealed record BulkAnswer(
    string RequestId, string Action, string By, string AsOf, int Matched, int Done, IReadOnlyList<RefusedLetter> Refused, DeadLetterGroupList? Groups, string? Next);

/// <param name="Why">And what to do.</param>
sealed record RefusedLetter(string Id, string Why);

/// <summary>Letters that wait for one reason.</summary>
/// <param name="Meaning">The reason in words, with what to do.</param>
/// <param name="Oldest">Since when the first of them waits.</param>
/// <param name="Example">Id of one of them.</param>
sealed record DeadLetterGroup(string Stage, string Reason, string? Meaning, int Count, string Oldest, string Newest, string Example);

/// <param name="Groups">The largest first; at most 100.</param>
/// <param name="Others">Letters of further groups.</param>
sealed record DeadLetterGroupList(int Count, IReadOnlyList<DeadLetterGroup> Groups, int Others);
