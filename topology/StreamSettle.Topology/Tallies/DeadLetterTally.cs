using System.Collections.Concurrent;
using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.Topology.Tallies;

/// <summary>Dead letters of one kind that came since the start of the process.</summary>
/// <param name="Stage">A leg's name, <c>calculation</c> or <c>intake</c>.</param>
/// <param name="Kind">What they have in common: a refusal's code, a status, <c>unknown</c>, <c>returned</c>, <c>unreadable</c> or <c>other</c>.</param>
/// <param name="LastId">Of the last of them.</param>
/// <param name="LastReason">Of the last of them.</param>
public sealed record DeadLetterCount(string Stage, string Kind, long SoFar, string LastId, string LastReason);

/// <summary>Counts dead letters as they come and go. Written by the thread of the global store, read by any.</summary>
public sealed class DeadLetterTally
{
    const string Unknown = "unknown";
    const string Returned = "returned";
    const string Unreadable = "unreadable";
    const string Other = "other";

    readonly ConcurrentDictionary<(string Stage, string Kind), DeadLetterCount> soFar = new();
    readonly ConcurrentDictionary<string, int> nowByStage = new();
    int now;

    /// <summary>That wait for a person now.</summary>
    public int Now => Volatile.Read(ref now);

    /// <summary>That wait at a stage now: a leg's name, <c>calculation</c> or <c>intake</c>.</summary>
    public int NowAt(string stage) => nowByStage.GetValueOrDefault(stage);

    public IReadOnlyList<DeadLetterCount> SoFar => [.. soFar.Values];

    /// <summary>The store is opened: what waits in it comes next.</summary>
    internal void Begin()
    {
        Volatile.Write(ref now, 0);
        nowByStage.Clear();
    }

    /// <summary>It waited when the store was opened.</summary>
    internal void Waits(string stage)
    {
        Interlocked.Increment(ref now);
        nowByStage.AddOrUpdate(stage, 1, (_, count) => count + 1);
    }

    /// <param name="isNew">False for one that waits already and came again.</param>
    internal void Came(DeadLetter letter, bool isNew)
    {
        if (isNew)
        {
            Waits(letter.Stage);
        }

        var kind = KindOf(letter);
        soFar.AddOrUpdate(
            (letter.Stage, kind), _ => new(letter.Stage, kind, 1, letter.Id, letter.Reason),
            (_, count) => count with { SoFar = count.SoFar + 1, LastId = letter.Id, LastReason = letter.Reason });
    }

    internal void Went(string stage)
    {
        Interlocked.Decrement(ref now);
        nowByStage.AddOrUpdate(stage, 0, (_, count) => count - 1);
    }

    /// <summary>Few, whatever systems answer.</summary>
    static string KindOf(DeadLetter letter) => letter switch
    {
        { Stage: DeadLetter.Intake } => Unreadable,
        { Stage: "calculation" } => letter.Reason,
        { Reason: ['u', 'n', 'k', 'n', 'o', 'w', 'n', ':', ..] } => Unknown,
        { Reason: ['r', 'e', 't', 'u', 'r', 'n', 'e', 'd', ':', ..] } => Returned,
        { Reason: [>= '4' and <= '5', >= '0' and <= '9', >= '0' and <= '9', ..] } => letter.Reason[..3],
        _ => Other,
    };
}
