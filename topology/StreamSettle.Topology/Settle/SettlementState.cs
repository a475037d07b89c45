using System.Collections.Immutable;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What settle remembers of an order from its mark on. Until <see cref="Settled"/> is there, <see cref="Stage"/> says where it stands.</summary>
public sealed record SettlementState
{
    public required OrderId Order { get; init; }

    /// <summary>The merchant at the mark, for good.</summary>
    public required MerchantId Merchant { get; init; }

    /// <summary>Cause of the last applied change.</summary>
    public required string Cause { get; init; }

    public required PendingStage Stage { get; init; }

    public string? Refusal { get; init; }

    /// <summary>The row came back by a changed primary key, and nobody has replayed it yet.</summary>
    public bool KeyChanged { get; init; }

    public required UtcInstant DueAt { get; init; }

    /// <summary>The passing of this mark has been told already.</summary>
    public bool DueTold { get; init; }

    /// <summary>It was known before its mark, and nothing has held it since, so that its lateness is ours.</summary>
    public bool InTime { get; init; }

    /// <summary>The offset after the last change of the row that was read, in its partition of the source.</summary>
    public required long NextOffset { get; init; }

    /// <summary>Changes of the row that could not be read, see <see cref="DoubtList"/>.</summary>
    public ImmutableArray<long> Doubts { get; init; } = [];

    /// <summary>The partition of the clock task that handed it over.</summary>
    public int ClockTask { get; init; }

    /// <summary>How many messages of the clock about it were taken.</summary>
    public long Taken { get; init; }

    /// <summary>Where the due index has the order; null for nowhere.</summary>
    public UtcInstant? IndexedAt { get; init; }

    /// <summary>The last known row, encoded; empty after the calculation and when taken back.</summary>
    public ImmutableArray<byte> Row { get; init; } = [];

    public SettledOrder? Settled { get; init; }

    public PendingOrder Pending => new(Stage, Refusal, KeyChanged, DoubtList.IsInDoubt(Doubts, NextOffset));

    /// <summary>Nothing is to come of it by itself, and nothing of it waits for a person.</summary>
    public bool IsFinished => Doubts.IsEmpty && (Settled is { } settled ? settled.IsFinished : Stage is PendingStage.Idle or PendingStage.GivenUp);
}
