using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Connectors.Embedded.Completing;

/// <summary>What the shop is asked about one row, for one change of it.</summary>
/// <param name="at">When it was asked, by the provider's timestamps.</param>
/// <param name="answer">Null in it where there is no such row.</param>
internal sealed class RowQuestion<TRow>(Task<TRow?> answer, long at)
    where TRow : class
{
    bool isWaitedFor;

    public long At { get; } = at;

    public bool IsAnswered => answer.IsCompleted;

    /// <summary>Waits for the answer if nobody has waited in vain before. False while there is none.</summary>
    /// <exception cref="EnvironmentFailedException">The shop cannot be asked now, or refuses us, which its administrator can mend.</exception>
    public bool TryGet(TimeSpan patience, TimeProvider time, out TRow? row)
    {
        if (!isWaitedFor)
        {
            isWaitedFor = true;
            using var answered = new CancellationTokenSource();
            Task.WaitAny(answer, Task.Delay(patience, time, answered.Token));
            answered.Cancel();
        }

        row = null;
        if (!answer.IsCompleted)
        {
            return false;
        }

        try
        {
            row = answer.GetAwaiter().GetResult();
            return true;
        }
        catch (UserMistakeException refused)
        {
            throw new EnvironmentFailedException(refused.Message, refused);
        }
    }
}

/// <summary>A row by its key, and the change that did not tell all of it: another change of the row asks anew.</summary>
internal readonly record struct RowChange(long Key, ChangePosition Position);
