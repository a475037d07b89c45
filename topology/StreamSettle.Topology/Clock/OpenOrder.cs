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
///  version(1)=2 | stage(1) | keyChanged(1) | inTime(1) | position(see ChangePosition) | indexedAtUs(nullable varint) | dueAtUs(varint) | merchant(varint) | refusal(nullable string)
///  | cause(nullable string) | row(rest; see OrderRow)
/// </code>
/// </remarks>
readonly ref struct OpenOrder
{
    const byte Version = 2;

    public PendingStage Stage { get; init; }

    public bool KeyChanged { get; init; }

    /// <summary>It was known before its mark, so that its lateness is ours.</summary>
    public bool InTime { get; init; }

    /// <summary>Of the last applied change.</summary>
    public ChangePosition Position { get; init; }

    /// <summary>Where the due index has the order; null for nowhere.</summary>
    public UtcInstant? IndexedAt { get; init; }

    /// <summary>The last known mark; the epoch before the first.</summary>
    public UtcInstant DueAt { get; init; }

    /// <summary>The merchant at the mark, once handed over.</summary>
    public MerchantId Merchant { get; init; }

    public string? Refusal { get; init; }

    /// <summary>What brought the last change, where it was no position of the source: a replay, or a record without one.</summary>
    public string? OtherCause { get; init; }

    /// <summary>The last change as causes name it.</summary>
    public string Cause => OtherCause ?? Position.ToString();

    /// <summary>The last known row, encoded; empty once handed over or forgotten.</summary>
    public ReadOnlySpan<byte> RowBytes { get; init; }

    public PendingOrder Pending => new(Stage, Refusal, KeyChanged);

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
        Position.Write(to);
        to.NullableVarInt64(IndexedAt?.Microseconds);
        to.VarInt64(DueAt.Microseconds);
        to.VarInt64(Merchant.Value);
        to.NullableString(Refusal);
        to.NullableString(OtherCause);
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
            Position = ChangePosition.Read(ref from),
            IndexedAt = from.NullableVarInt64() is { } at ? new UtcInstant(at) : null,
            DueAt = new(from.VarInt64()),
            Merchant = new(from.VarInt64()),
            Refusal = from.NullableString(),
            OtherCause = from.NullableString(),
            RowBytes = from.Rest,
        };
    }
}
