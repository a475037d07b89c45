using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Completing;

/// <summary>Asks for rows on threads of its own, so that who reads records is never held up for long. An answer is taken once. Thread-safe.</summary>
/// <param name="table">As messages name it.</param>
/// <param name="ask">Null from it where there is no such row.</param>
internal sealed class RowQuestions<TRow>(string table, Func<long, Task<TRow?>> ask, TimeProvider time)
    where TRow : class
{
    /// <summary>So long the first who needs a row waits for it: a shop that is well answers within milliseconds.</summary>
    static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);

    /// <summary>Whoever waits comes back ten times a second: an answer that nobody has taken after this is nobody's any more.</summary>
    static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    readonly Lock sync = new();
    readonly Dictionary<RowChange, RowQuestion<TRow>> asked = [];

    /// <exception cref="EnvironmentFailedException">There is no answer yet, or the shop cannot be asked.</exception>
    public TRow? Of(RowChange change)
    {
        var question = Ask(change);
        try
        {
            if (!question.TryGet(FirstPatience, time, out var row))
            {
                throw new EnvironmentFailedException($"a change did not tell all of row {change.Key} of {table}, and the shop has not answered yet what stands there");
            }

            Forget(change);
            return row;
        }
        catch (EnvironmentFailedException away) when (away.InnerException is not null)
        {
            Forget(change);
            throw new EnvironmentFailedException($"a change did not tell all of row {change.Key} of {table}, and the shop cannot be asked what stands there: {away.Message}", away);
        }
    }

    RowQuestion<TRow> Ask(RowChange change)
    {
        lock (sync)
        {
            // One that a slow shop has not answered is not asked again behind itself.
            foreach (var old in asked.Where(old => old.Value.IsAnswered && time.GetElapsedTime(old.Value.At) > KeptFor).ToList())
            {
                asked.Remove(old.Key);
            }

            if (!asked.TryGetValue(change, out var question))
            {
                question = new(Task.Run(() => ask(change.Key)), time.GetTimestamp());
                asked.Add(change, question);
            }

            return question;
        }
    }

    void Forget(RowChange change)
    {
        lock (sync)
        {
            asked.Remove(change);
        }
    }
}
