using System.Collections.Concurrent;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.DeadLetters;

/// <summary>
/// What was accepted for dead letters and has not shown in the list yet, so that of two people who ask at once one is told that the other was first. Thread-safe.
/// </summary>
sealed class ActsUnderWay(TimeProvider time)
{
    /// <summary>By then the list shows what became of it, or the letter is where it was.</summary>
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, Act> acts = new(StringComparer.Ordinal);

    /// <summary>Enters an act; null when it was entered, else what is under way already for this very letter.</summary>
    public string? TryBegin(DeadLetter letter, OperatorAsk asked)
    {
        var act = new Act(letter.Since, $"A {asked.Action} of '{letter.Id}' by {asked.By} is under way already.", time.GetTimestamp());
        while (true)
        {
            if (acts.TryAdd(letter.Id, act))
            {
                Sweep();
                return null;
            }

            if (acts.TryGetValue(letter.Id, out var before))
            {
                if (before.Since == letter.Since && !IsOver(before))
                {
                    return before.What;
                }

                acts.TryRemove(new(letter.Id, before));
            }
        }
    }

    /// <summary>It was not written after all.</summary>
    public void Withdraw(DeadLetter letter) => acts.TryRemove(letter.Id, out _);

    void Sweep()
    {
        foreach (var (id, act) in acts)
        {
            if (IsOver(act))
            {
                acts.TryRemove(new(id, act));
            }
        }
    }

    bool IsOver(Act act) => time.GetElapsedTime(act.At) > Bound;

    /// <param name="Since">Of the letter: one that comes back is another.</param>
    sealed record Act(UtcInstant Since, string What, long At);
}
