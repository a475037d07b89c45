using System.Collections.Concurrent;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Payouts;

/// <summary>What of a settle task's splits waits for its payout, in sums: written by its thread alone, read by any. As of the task's store, whose sums it has read once.</summary>
sealed class TaskPayouts
{
    readonly ConcurrentDictionary<(UtcInstant At, Currency Currency), PayoutSum> due = new();
    readonly ConcurrentDictionary<PayoutGroupId, PayoutGroup> groups = new();
    int entries;
    int letGo;

    public TaskPayouts(IKeyValueStore store)
    {
        using (var sums = store.Scan([PayoutKeys.Sum], [PayoutKeys.Sum + 1]))
        {
            while (sums.MoveNext())
            {
                Stands(PayoutKeys.TimeOf(sums.Key), PayoutKeys.CurrencyOf(sums.Key), PayoutSum.Read(sums.Value));
            }
        }

        using var all = store.Scan([PayoutKeys.Group], [PayoutKeys.Group + 1]);
        while (all.MoveNext())
        {
            Stands(PayoutKeys.GroupOf(all.Key), PayoutGroup.Read(all.Value));
        }
    }

    /// <summary>Stands for the time of those that have none.</summary>
    public static UtcInstant Undated { get; } = new(long.MaxValue);

    /// <summary>Asked by the task's thread, at every look.</summary>
    public bool IsEmpty => entries == 0;

    /// <summary>A group is being let go. As <see cref="IsEmpty"/>.</summary>
    public bool IsLettingGo => letGo > 0;

    /// <summary>Something may go by now. As <see cref="IsEmpty"/>; costs the number of instants that are waited for.</summary>
    public bool IsAnyDue(UtcInstant now)
    {
        foreach (var (key, _) in due)
        {
            if (key.At <= now)
            {
                return true;
            }
        }

        return false;
    }

    public IEnumerable<KeyValuePair<(UtcInstant At, Currency Currency), PayoutSum>> Due => due;

    public IEnumerable<KeyValuePair<PayoutGroupId, PayoutGroup>> Groups => groups;

    public void Stands(UtcInstant at, Currency currency, PayoutSum sum)
    {
        if (sum.Count == 0)
        {
            entries -= due.TryRemove((at, currency), out _) ? 1 : 0;
        }
        else if (!due.TryAdd((at, currency), sum))
        {
            due[(at, currency)] = sum;
        }
        else
        {
            entries++;
        }
    }

    public void Stands(PayoutGroupId id, in PayoutGroup group)
    {
        letGo += (group is { Count: > 0, IsOpen: true } ? 1 : 0) - (groups.TryGetValue(id, out var before) && before.IsOpen ? 1 : 0);
        if (group.Count == 0)
        {
            entries -= groups.TryRemove(id, out _) ? 1 : 0;
        }
        else if (!groups.TryAdd(id, group))
        {
            groups[id] = group;
        }
        else
        {
            entries++;
        }
    }
}
