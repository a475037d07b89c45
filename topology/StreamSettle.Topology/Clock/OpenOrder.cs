using System.Collections.Immutable;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>What the clock remembers of an order: a view of the store's bytes.</summary>
/// <remarks>
/// <code>
///  version(1)=4 | stage(1) | keyChanged(1) | inTime(1) | seenBefore(1) | position(see ChangePosition) | positioned(1) | nextOffset(varint) | indexedAtUs(nullable varint)
///  | dueAtUs(varint) | merchant(varint) | handed(varint) | refusal(nullable string) | cause(nullable string) | doubts(count, varints) | decidedInUs(nullable varint)
///  | row(rest; see OrderRow)
/// </code>
/// </remarks>
readonly ref struct OpenOrder
{
    const byte Version = 4;

    public PendingStage Stage { get; init; }

    public bool KeyChanged { get; init; }

    /// <summary>It was known before its mark, so that its lateness is ours.</summary>
    public bool InTime { get; init; }

    /// <summary>It may be one that was remembered once, settled and forgotten: only a person, and the event log, can say that it is new.</summary>
    public bool SeenBefore { get; init; }

    /// <summary>Of the last applied change that had one.</summary>
    public ChangePosition Position { get; init; }

    /// <summary>The last applied change had a position: else only offsets can say what came after it.</summary>
    public bool Positioned { get; init; }

    /// <summary>The offset after the last applied change's; 0 before the first.</summary>
    public long NextOffset { get; init; }

    /// <summary>Where the due index has the order; null for nowhere.</summary>
    public UtcInstant? IndexedAt { get; init; }

    /// <summary>The last known mark; the epoch before the first.</summary>
    public UtcInstant DueAt { get; init; }

    /// <summary>The merchant at the mark, once handed over.</summary>
    public MerchantId Merchant { get; init; }

    /// <summary>How many messages about the order settle was given: it names the number when it wants the order forgotten, so that none crosses that.</summary>
    public long Handed { get; init; }

    public string? Refusal { get; init; }

    /// <summary>What brought the last change, where it was no position of the source: a replay, or a record without one.</summary>
    public string? OtherCause { get; init; }

    /// <summary>Changes that could not be read, see <see cref="DoubtList"/>; once handed over settle keeps them.</summary>
    public ImmutableArray<long> Doubts
    {
        get => field.IsDefault ? [] : field;
        init;
    }

    /// <summary>
    /// The transaction, by the time of its commit, in which the order was found to be none of ours, or one that may be forgotten. As long as it goes on that is
    /// decided anew: it was no more than the middle. Null where it is for good.
    /// </summary>
    public UtcInstant? DecidedIn { get; init; }

    /// <summary>The last change as causes name it.</summary>
    public string Cause => OtherCause ?? Position.ToString();

    /// <summary>The last known row, encoded; empty once handed over or forgotten.</summary>
    public ReadOnlySpan<byte> RowBytes { get; init; }

    public PendingOrder Pending => new(Stage, Refusal, KeyChanged, DoubtList.IsInDoubt(Doubts, NextOffset));

    /// <summary>
    /// The change that stands at <paramref name="offset"/> of the source's topic is news. One that is read as it comes stands after all others; one that is
    /// replayed may have been overtaken by what was read since, by its position, or by its place where one of both has no position.
    /// </summary>
    public bool IsNews(ChangePosition change, long offset) =>
        change.IsAfter(Position) && (offset >= NextOffset || (change.HasLsn && Positioned));

    /// <summary>The same order after a change of it was read, its stage apart.</summary>
    public OpenOrder After(in ReadChange read) => this with
    {
        KeyChanged = KeyChanged || read.Arrived,
        Position = read.Change.Position.Over(Position),
        Positioned = read.Change.Position.HasLsn,
        NextOffset = Math.Max(NextOffset, read.At.Offset + 1),
        Doubts = DoubtList.Without(Doubts, read.At.Offset),
        OtherCause = read.OtherCause,
    };

    public OrderRow Row()
    {
        var from = new ByteReader(RowBytes);
        return OrderRow.Read(ref from);
    }

    /// <summary>Writes all but the row, which follows as the rest.</summary>
    public void WriteHead(ByteWriter to)
    {
        to.Byte(Version);
        to.Byte((byte)Stage);
        to.Bool(KeyChanged);
        to.Bool(InTime);
        to.Bool(SeenBefore);
        Position.Write(to);
        to.Bool(Positioned);
        to.VarInt64(NextOffset);
        to.NullableVarInt64(IndexedAt?.Microseconds);
        to.VarInt64(DueAt.Microseconds);
        to.VarInt64(Merchant.Value);
        to.VarInt64(Handed);
        to.NullableString(Refusal);
        to.NullableString(OtherCause);
        DoubtList.Write(to, Doubts);
        to.NullableVarInt64(DecidedIn?.Microseconds);
    }

    /// <exception cref="CorruptStateException">The bytes are no order of ours.</exception>
    public static OpenOrder Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"an open order has version {version}, this program knows {Version}");
        }

        return new OpenOrder
        {
            Stage = (PendingStage)from.Byte(),
            KeyChanged = from.Bool(),
            InTime = from.Bool(),
            SeenBefore = from.Bool(),
            Position = ChangePosition.Read(ref from),
            Positioned = from.Bool(),
            NextOffset = from.VarInt64(),
            IndexedAt = from.NullableVarInt64() is { } at ? new UtcInstant(at) : null,
            DueAt = new(from.VarInt64()),
            Merchant = new(from.VarInt64()),
            Handed = from.VarInt64(),
            Refusal = from.NullableString(),
            OtherCause = from.NullableString(),
            Doubts = DoubtList.Read(ref from),
            DecidedIn = from.NullableVarInt64() is { } decided ? new UtcInstant(decided) : null,
            RowBytes = from.Rest,
        };
    }
}
