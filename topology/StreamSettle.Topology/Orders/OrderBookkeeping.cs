using System.Collections.Immutable;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Orders;

/// <summary>
/// What clock and settle alike keep of an order beside its state: how far its changes were read, and where it waits. No fact rests on it once it is recorded, so it
/// is no part of the fold.
/// </summary>
/// <remarks><code>keyChanged(1) | inTime(1) | nextOffset(varint) | alteredEnd(varint) | indexedAtUs(nullable varint) | doubts(count, varints)</code></remarks>
public readonly record struct OrderBookkeeping
{
    /// <summary>The row came by a changed primary key, and nobody has replayed it yet.</summary>
    public bool KeyChanged { get; init; }

    /// <summary>It was known before its mark as it is now, so that its lateness is ours: a metric's.</summary>
    public bool InTime { get; init; }

    /// <summary>The offset after the last change that was read; 0 before the first.</summary>
    public long NextOffset { get; init; }

    /// <summary>
    /// The offset after the last change that altered what is known of the row; 0 before the first. Only that has to be whole for what is known to be no middle of a
    /// transaction: a change that leaves all of it as it was (a note that was edited) makes nobody wait.
    /// </summary>
    public long AlteredEnd { get; init; }

    /// <summary>Where the due windows have the order; null for nowhere.</summary>
    public UtcInstant? IndexedAt { get; init; }

    /// <summary>Changes that could not be read, see <see cref="DoubtList"/>.</summary>
    public ImmutableArray<long> Doubts
    {
        get => field.IsDefault ? [] : field;
        init;
    }

    public bool InDoubt => DoubtList.IsInDoubt(Doubts, NextOffset);

    /// <summary>The change at the offset was read.</summary>
    /// <param name="isAltered">What is known of the row is another than before.</param>
    public OrderBookkeeping Read(long offset, bool isAltered) => this with
    {
        NextOffset = Math.Max(NextOffset, offset + 1), AlteredEnd = isAltered ? Math.Max(AlteredEnd, offset + 1) : AlteredEnd, Doubts = DoubtList.Without(Doubts, offset),
    };

    /// <summary>The change at the offset could not be read.</summary>
    /// <param name="keyChanged">But it brought the row here by a changed primary key.</param>
    public OrderBookkeeping Doubted(long offset, bool keyChanged) => this with { KeyChanged = KeyChanged || keyChanged, Doubts = DoubtList.With(Doubts, offset) };

    /// <summary>The change at the offset is in doubt no more: it does not count, or what it says is known already.</summary>
    public OrderBookkeeping Cleared(long offset) => this with { Doubts = DoubtList.Without(Doubts, offset) };

    /// <summary>The same after a decision: where the order waits now.</summary>
    /// <param name="mark">By the last known row.</param>
    /// <param name="isNews">Something was recorded.</param>
    public OrderBookkeeping After(PendingStage stage, UtcInstant mark, bool isNews, UtcInstant now, SettlementSettings settings) => this with
    {
        InTime = isNews ? mark > now : InTime,
        IndexedAt = stage switch
        {
            PendingStage.Scheduled => mark,
            // A dead letter waits for a person, however long; what is not ours stays so.
            PendingStage.Refused or PendingStage.NotOurs => null,
            _ when !isNews && IndexedAt >= mark + settings.Retention => IndexedAt,
            _ => settings.KeptUntil(mark, now),
        },
    };

    public void Write(ByteWriter to)
    {
        to.Bool(KeyChanged);
        to.Bool(InTime);
        to.VarInt64(NextOffset);
        to.VarInt64(AlteredEnd);
        to.NullableVarInt64(IndexedAt?.Microseconds);
        DoubtList.Write(to, Doubts);
    }

    public static OrderBookkeeping Read(ref ByteReader from) => new()
    {
        KeyChanged = from.Bool(),
        InTime = from.Bool(),
        NextOffset = from.VarInt64(),
        AlteredEnd = from.VarInt64(),
        IndexedAt = from.NullableVarInt64() is { } at ? new UtcInstant(at) : null,
        Doubts = DoubtList.Read(ref from),
    };
}
