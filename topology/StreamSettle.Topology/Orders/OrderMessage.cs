using System.Collections.Immutable;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Orders;

/// <summary>What the clock tells settle about an order.</summary>
enum OrderMessageKind : byte
{
    /// <summary>The mark has passed: here it is.</summary>
    Due = 1,

    /// <summary>The row of an order that was handed over before is now as it stands here.</summary>
    Changed = 2,

    /// <summary>The row is gone.</summary>
    Deleted = 3,

    /// <summary>An operator wants something of an order that was handed over before.</summary>
    Operator = 4,

    /// <summary>The row has changed, and how cannot be read.</summary>
    Unreadable = 5,

    /// <summary>A change that could not be read was replayed, and is no news.</summary>
    Overtaken = 6,

    /// <summary>A person says that a change which could not be read does not count.</summary>
    Dropped = 7,

    /// <summary>The clock has forgotten the order, as settle wished: nothing comes of it any more.</summary>
    Forgotten = 8,
}

/// <summary>A record of <c>due-orders</c>, keyed by the merchant that the order had at its mark.</summary>
/// <remarks>
/// <code>
///  version(1)=6 | kind(1) | order(8) | merchant(8) | cause(string) | transaction(see SourceTransaction) | dueAtUs(8) | offset(varint) | clockTask(varint) | keyChanged(1)
///  | cutsOff(1) | inTime(1) | doubts(count, varints) | hasRequest(1) [request; see OperatorRequestSerde] | row(rest)
/// </code>
/// </remarks>
readonly ref struct OrderMessage : IBinary<OrderMessage>
{
    const byte Version = 6;

    static readonly OperatorRequestSerde Requests = new();

    public required OrderMessageKind Kind { get; init; }

    public required OrderId Order { get; init; }

    public required MerchantId Merchant { get; init; }

    /// <summary>The change as causes name it.</summary>
    public string Cause { get; init; }

    /// <summary>The change's in the source.</summary>
    public SourceTransaction Transaction { get; init; }

    public UtcInstant DueAt { get; init; }

    /// <summary>Where the change stands in the order's partition of the source; of a replayed one where it stood, of a due order the last one that was read.</summary>
    public long Offset { get; init; }

    /// <summary>Of a due order: the partition of the clock task that hands it over.</summary>
    public int ClockTask { get; init; }

    /// <summary>The row left, or came, by a changed primary key.</summary>
    public bool KeyChanged { get; init; }

    /// <summary>Of a changed or deleted row: no more is told of the transaction of the change before it, which may have been its middle; this is what it ended with, or what came later.</summary>
    public bool CutsOff { get; init; }

    /// <summary>Of a due order: it was known before its mark.</summary>
    public bool InTime { get; init; }

    /// <summary>Of a due order: its changes that could not be read, all overtaken.</summary>
    public ImmutableArray<long> Doubts
    {
        get => field.IsDefault ? [] : field;
        init;
    }

    /// <summary>Of a person about what waits under one of the order's keys; null but for <see cref="OrderMessageKind.Operator"/>.</summary>
    public OperatorRequest.OfKey? Request { get; init; }

    public ReadOnlySpan<byte> RowBytes { get; init; }

    public OrderRow Row()
    {
        var from = new ByteReader(RowBytes);
        return OrderRow.Read(ref from);
    }

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.Byte((byte)Kind);
        to.Int64(Order.Value);
        to.Int64(Merchant.Value);
        to.String(Cause ?? "");
        Transaction.Write(to);
        to.Int64(DueAt.Microseconds);
        to.VarInt64(Offset);
        to.VarInt64(ClockTask);
        to.Bool(KeyChanged);
        to.Bool(CutsOff);
        to.Bool(InTime);
        DoubtList.Write(to, Doubts);
        to.Bool(Request is not null);
        if (Request is not null)
        {
            Requests.Write(Request, to);
        }

        to.Raw(RowBytes);
    }

    /// <exception cref="CorruptStateException">The bytes are no message of ours.</exception>
    public static OrderMessage Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"an order message has version {version}, this program knows {Version}");
        }

        return new OrderMessage
        {
            Kind = (OrderMessageKind)from.Byte(),
            Order = new(from.Int64()),
            Merchant = new(from.Int64()),
            Cause = from.String(),
            Transaction = SourceTransaction.Read(ref from),
            DueAt = new(from.Int64()),
            Offset = from.VarInt64(),
            ClockTask = (int)from.VarInt64(),
            KeyChanged = from.Bool(),
            CutsOff = from.Bool(),
            InTime = from.Bool(),
            Doubts = DoubtList.Read(ref from),
            Request = from.Bool() ? (OperatorRequest.OfKey)OperatorRequestSerde.Read(ref from) : null,
            RowBytes = from.Rest,
        };
    }
}
