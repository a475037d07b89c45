using System.Collections.Concurrent;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Payouts;

namespace StreamSettle.Topology.Tallies;

/// <summary>Orders as the clock tasks of this process know them.</summary>
/// <param name="Known">Remembered now, at whatever stage.</param>
/// <param name="Scheduled">Waiting for their mark now.</param>
/// <param name="HandedOver">Given to settle so far.</param>
/// <param name="Cancelled">Taken back before their mark so far.</param>
/// <param name="Refused">Refused before their mark and open now.</param>
/// <param name="NotOurs">Completed before <c>Source:CompletedSince</c>, remembered now.</param>
public sealed record ClockTotals(long Known, long Scheduled, long HandedOver, long Cancelled, long Refused, long NotOurs);

/// <summary>Orders as the settle tasks of this process know them.</summary>
/// <param name="Waiting">Past their mark and not calculated now.</param>
/// <param name="Calculated">So far.</param>
/// <param name="UnderWay">Calculated and not completed now.</param>
/// <param name="Completed">So far.</param>
/// <param name="Cancelled">From their mark on, so far.</param>
/// <param name="Refused">Orders and refunds that are refused and open now.</param>
public sealed record SettleTotals(long Waiting, long Calculated, long UnderWay, long Completed, long Cancelled, long Refused)
{
    /// <summary>So far.</summary>
    public long ReversalsRequested { get; init; }

    /// <summary>So far.</summary>
    public long ReversalsCompleted { get; init; }

    /// <summary>Orders of which a hold keeps something back now, as far as that is recorded.</summary>
    public long Held { get; init; }

    /// <summary>Splits that payout terms keep back now.</summary>
    public long PayoutsWaiting { get; init; }
}

/// <summary>How long after its mark an order's first call was given to delivery; orders that were known only after their mark are not counted.</summary>
/// <param name="Count">Orders so far.</param>
/// <param name="P50Ms">Null without orders; at most a quarter above the truth.</param>
public sealed record LatenessTotals(long Count, long? P50Ms, long? P99Ms);

/// <summary>Running numbers of the topology's tasks in this process, for the dashboard: written without a lock, each by its task, summed when read. Thread-safe.</summary>
public sealed class SettlementTallies
{
    readonly ConcurrentDictionary<int, Tally> clock = new();
    readonly ConcurrentDictionary<int, Tally> settle = new();
    readonly ConcurrentDictionary<int, TaskPayouts> payouts = new();

    public ClockTotals Clock => ClockTally.Total(clock.Values);

    public SettleTotals Settle => SettleTally.Total(settle.Values);

    public DeadLetterTally DeadLetters { get; } = new();

    public LatenessTotals Lateness => SettleTally.TotalLateness(settle.Values);

    /// <summary>What waits for its payout here: sums, as of this moment.</summary>
    public PayoutsSeen Payouts => PayoutsSeen.Of(payouts.Values);

    internal TaskPayouts OpenPayouts(ProcessorContext context, string store) => payouts[context.Task.Partition] = new(context.Store(store));

    internal TaskTally OpenClock(ProcessorContext context, string store) => Open(clock, context, store, ClockTally.Size);

    internal TaskTally OpenSettle(ProcessorContext context, string store) => Open(settle, context, store, SettleTally.Size);

    internal void CloseClock(ProcessorContext context, TaskTally tally) => Close(clock, context, tally);

    /// <summary>Where another thread has opened the task meanwhile, its numbers stay.</summary>
    internal void CloseSettle(ProcessorContext context, TaskTally tally, TaskPayouts waiting)
    {
        Close(settle, context, tally);
        payouts.TryRemove(new KeyValuePair<int, TaskPayouts>(context.Task.Partition, waiting));
    }

    static TaskTally Open(ConcurrentDictionary<int, Tally> tallies, ProcessorContext context, string store, int size)
    {
        var opened = new TaskTally(context.Store(store), size);
        tallies[context.Task.Partition] = opened.Numbers;
        return opened;
    }

    static void Close(ConcurrentDictionary<int, Tally> tallies, ProcessorContext context, TaskTally tally) =>
        tallies.TryRemove(new KeyValuePair<int, Tally>(context.Task.Partition, tally.Numbers));
}
