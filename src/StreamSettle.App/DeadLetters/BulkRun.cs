using StreamSettle.App.Http.Answers;

namespace StreamSettle.App.DeadLetters;

/// <summary>
/// Asks for act after act, as many letters a second as may be, until all that waited at the beginning were asked for. Nothing of it is kept in the service: what is done has left the list,
/// so whoever is cut off goes on by <see cref="GoOn"/>.
/// </summary>
/// <param name="ask">Asks the service.</param>
/// <param name="progress">Told after each request but the last: how many are done, and of how many.</param>
sealed class BulkRun(Func<BulkRequest, CancellationToken, Task<BulkAnswer>> ask, TimeProvider time, Action<int, int> progress)
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    BulkRequest? next;

    public int Done { get; private set; }

    public List<RefusedLetter> Refused { get; } = [];

    /// <summary>The options of a command that goes on where this one stood; null before its first answer, when the same command again does.</summary>
    public string? GoOn => next is null ? null : $"--request-id {next.RequestId} --as-of {next.AsOf} --after {next.After}";

    /// <param name="perSecond">Most letters in a second.</param>
    /// <returns>The last answer.</returns>
    public async Task<BulkAnswer> RunAsync(BulkRequest asked, int perSecond, CancellationToken stop)
    {
        asked = asked with { Limit = perSecond };
        int? all = null;
        while (true)
        {
            var begun = time.GetTimestamp();
            var answer = await ask(asked, stop);
            Done += answer.Done;
            Refused.AddRange(answer.Refused);
            all ??= answer.Matched;
            if (answer.Next is null)
            {
                next = null;
                return answer;
            }

            next = asked = asked with { RequestId = answer.RequestId, AsOf = answer.AsOf, After = answer.Next };
            progress(Done, all.Value);
            var rest = Second - time.GetElapsedTime(begun);
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, stop);
        }
    }
}
