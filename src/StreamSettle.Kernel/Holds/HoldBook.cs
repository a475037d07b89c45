namespace StreamSettle.Kernel.Holds;

/// <summary>
/// The holds as this process knows them: written where their topic is followed, read by all tasks without a lock. Nothing leaves it when a transaction is aborted and the
/// topic is read again, so that no hold is missing in between. Thread-safe.
/// </summary>
public sealed class HoldBook
{
    readonly Lock changing = new();
    HoldSet current = HoldSet.Empty;
    Action changed = () => { };
    TaskCompletionSource next = New();

    public HoldSet Current => Volatile.Read(ref current);

    /// <summary>Calls <paramref name="then"/> after each change, on the thread that brings it.</summary>
    public void OnChange(Action then)
    {
        lock (changing)
        {
            changed += then;
        }
    }

    /// <summary>A hold that is new or was released; nothing where it is known so.</summary>
    public void Take(Hold hold) => Change(holds => holds.With(hold));

    /// <summary>One that was over long ago.</summary>
    public void Forget(string id) => Change(holds => holds.Without(id));

    /// <summary>Waits until the holds are as asked, and everybody here was told so.</summary>
    /// <exception cref="OperationCanceledException">Somebody stopped waiting.</exception>
    public async Task<HoldSet> WaitAsync(Func<HoldSet, bool> are, CancellationToken stop)
    {
        while (true)
        {
            // Taken before the look: a change after it is not missed.
            var change = Volatile.Read(ref next).Task;
            if (Current is var now && are(now))
            {
                lock (changing)
                {
                    return now;
                }
            }

            await change.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    void Change(Func<HoldSet, HoldSet> change)
    {
        lock (changing)
        {
            var after = change(current);
            if (ReferenceEquals(after, current))
            {
                return;
            }

            Volatile.Write(ref current, after);
            changed();
            var before = next;
            Volatile.Write(ref next, New());
            before.SetResult();
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
