using System.Collections.Immutable;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// What settle keeps of an order beside its state: how far it has read the clock's messages about it, what the source said last, and where it waits. No fact
/// rests on it once it is recorded, so it is no part of the fold: a rebuild takes it from the source and the clock again.
/// </summary>
public sealed record SettleBookkeeping
{
    /// <summary>What the clock keeps of an order as well.</summary>
    public OrderBookkeeping Order { get; init; }

    /// <summary>Cause of the last change that was read: of facts that the passing of time brings about.</summary>
    public required string Cause { get; init; }

    /// <summary>What its row said last, once it is calculated and until that is known to be the end of a transaction; null for nothing that waits.</summary>
    public WaitingRefund? Refund { get; init; }

    /// <summary>The partition of the clock task that handed the order over.</summary>
    public int ClockTask { get; init; }

    /// <summary>How many messages of the clock about it were taken.</summary>
    public long Taken { get; init; }

    /// <summary>Of <see cref="KnownTo"/>: the event log knew the order, but no calculation of it.</summary>
    public const int NotCalculated = -1;

    /// <summary>
    /// Of an order from before a rebuild of the state: up to which number of its settlement (0) and reversals the event log, or a person since, knew them. What lies above
    /// may have been calculated in what was lost. Null for any other order.
    /// </summary>
    public int? KnownTo { get; init; }

    /// <summary>The last known row, encoded; empty after the calculation and when taken back.</summary>
    public ImmutableArray<byte> Row { get; init; } = [];
}
