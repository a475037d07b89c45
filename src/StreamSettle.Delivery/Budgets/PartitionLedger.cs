using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>
/// One partition's share of a system's budget, and what was used of it. A request is allowed by a permit: asked for, then secured, which means that the partition's
/// store holds it as reserved, committed; and only then used. So whoever takes the partition over knows of every request that can have been made by its share (I11).
/// Not thread-safe; time comes with each call.
/// </summary>
internal sealed class PartitionLedger
{
    /// <summary>
    /// A permit that was not used for so long is given back. Longer than any commit, or none would ever be used; and what a killed process held counts as used that
    /// much later, as one that only stood still may use it until then.
    /// </summary>
    internal static readonly TimeSpan PermitAge = TimeSpan.FromSeconds(10);

    readonly int partition;
    readonly int partitions;
    readonly SlidingBudget budget;

    // By when they were asked for.
    readonly Queue<MonotonicInstant> asked = new();
    readonly Queue<MonotonicInstant> secured = new();

    /// <param name="limit">Configured limit of the whole group a window; null for none.</param>
    /// <param name="window">Of the configured limit, and of learned ones that name none.</param>
    internal PartitionLedger(int partition, int partitions, long? limit, TimeSpan window)
    {
        (this.partition, this.partitions) = (partition, partitions);
        budget = new(limit is { } whole && !Shares.IsSmall(whole, partitions) ? Shares.Of(whole, partition, partitions) : null, window);
    }

    /// <summary>Permits asked for and not secured yet.</summary>
    internal int Asked => asked.Count;

    /// <summary>Permits that may be used.</summary>
    internal int Secured => secured.Count;

    /// <summary>Takes the group's limits up.</summary>
    internal void Learn(IReadOnlyList<RateRule> rules) => budget.Learn(Shares.Of(rules, partition, partitions));

    /// <summary>Permits that may be asked for.</summary>
    internal long Free(MonotonicInstant now) => budget.Free(now);

    /// <summary>Of the share in a window: used, permits included.</summary>
    internal long Used(TimeSpan window, MonotonicInstant now) => budget.Used(window, now);

    internal void Ask(MonotonicInstant now)
    {
        budget.Reserve();
        asked.Enqueue(now);
    }

    /// <summary>The oldest permits that were asked for are committed as reserved.</summary>
    internal void Secure(int permits)
    {
        for (; permits > 0; permits--)
        {
            secured.Enqueue(asked.Dequeue());
        }
    }

    /// <summary>A permit that was asked for is not to be.</summary>
    internal void Withdraw()
    {
        asked.Dequeue();
        budget.Release();
    }

    /// <summary>Takes a permit for a request that starts now.</summary>
    internal void Start() => secured.Dequeue();

    /// <summary>A request by a permit of this partition is over.</summary>
    internal void Complete(MonotonicInstant now) => budget.Complete(now);

    /// <summary>Gives up what was not used in time.</summary>
    /// <returns>How many permits: the store holds them as reserved still.</returns>
    internal int GiveUp(MonotonicInstant now)
    {
        var given = 0;
        for (; secured.TryPeek(out var since) && since + PermitAge <= now; given++)
        {
            secured.Dequeue();
            budget.Release();
        }

        return given;
    }

    /// <summary>Counts requests of before.</summary>
    internal void Use(MonotonicInstant at, long count) => budget.Use(at, count);
}
