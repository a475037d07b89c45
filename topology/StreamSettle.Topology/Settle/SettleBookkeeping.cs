using System.Collections.Immutable;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// What settle keeps of an order beside its state: how far it has read the clock's messages about it, what the source said last, and where it waits. No fact
/// rests on it once it is told, so it is no part of the fold: a rebuild takes it from the source and the clock again.
/// </summary>
public sealed record SettleBookkeeping
{
    /// <summary>Cause of the last change that was read: of facts that the passing of time brings about.</summary>
    public required string Cause { get; init; }

    /// <summary>The row came back by a changed primary key, and nobody has replayed it yet.</summary>
    public bool KeyChanged { get; init; }

    /// <summary>It was known before its mark, and nothing has held it since, so that its lateness is ours: a metric's.</summary>
    public bool InTime { get; init; }

    /// <summary>The offset after the last change of the row that was read, in its partition of the source.</summary>
    public required long NextOffset { get; init; }

    /// <summary>Changes of the row that could not be read, see <see cref="DoubtList"/>.</summary>
    public ImmutableArray<long> Doubts { get; init; } = [];

    /// <summary>What its row said last, once it is calculated and until that is known to be the end of a transaction; null for nothing that waits.</summary>
    public WaitingRefund? Refund { get; init; }

    /// <summary>The partition of the clock task that handed it over.</summary>
    public int ClockTask { get; init; }

    /// <summary>How many messages of the clock about it were taken.</summary>
    public long Taken { get; init; }

    /// <summary>Where the due windows have the order; null for nowhere.</summary>
    public UtcInstant? IndexedAt { get; init; }

    /// <summary>The last known row, encoded; empty after the calculation and when taken back.</summary>
    public ImmutableArray<byte> Row { get; init; } = [];

    public bool InDoubt => DoubtList.IsInDoubt(Doubts, NextOffset);
}
