using System.Collections.Concurrent;

namespace StreamSettle.Topology.Tallies;

/// <summary>All counts of this process, and how late settlements are. Reading sums over the tasks; nobody waits for anybody.</summary>
public sealed class SettlementTallies
{
    readonly ConcurrentDictionary<(string Store, int Partition), TaskTally> tasks = new();

    /// <summary>From the mark to the verification's hand-over, of orders that were known before their mark.</summary>
    public Lateness Lateness { get; } = new();

    public long this[Tally kind] => tasks.Values.Sum(task => task[kind]);

    /// <summary>The tally of a task that begins; it takes the place of one that has ended.</summary>
    internal TaskTally Begin(string store, int partition) => tasks[(store, partition)] = new();
}
