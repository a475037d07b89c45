using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Operators;

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
}

/// <summary>A record of <c>due-orders</c>, keyed by the merchant that the order had at its mark.</summary>
/// <remarks>
/// <code>
///  version(1)=2 | kind(1) | order(8) | merchant(8) | cause(string) | committedAtUs(8) | dueAtUs(8) | keyChanged(1) | inTime(1) | hasRequest(1) [request; see OperatorRequest] | row(rest)
/// </code>
/// </remarks>
readonly ref struct OrderMessage
{
    const byte Version = 2;

    public required OrderMessageKind Kind { get; init; }

    public required OrderId Order { get; init; }

    public required MerchantId Merchant { get; init; }

    /// <summary>The change as causes name it.</summary>
    public string Cause { get; init; }

    public UtcInstant CommittedAt { get; init; }

    public UtcInstant DueAt { get; init; }

    /// <summary>The row left, or came, by a changed primary key.</summary>
    public bool KeyChanged { get; init; }

    /// <summary>Of a due order: it was known before its mark.</summary>
    public bool InTime { get; init; }

    public OperatorRequest? Request { get; init; }

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
        to.Int64(CommittedAt.Microseconds);
        to.Int64(DueAt.Microseconds);
        to.Bool(KeyChanged);
        to.Bool(InTime);
        to.Bool(Request is not null);
        Request?.Write(to);
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
            CommittedAt = new(from.Int64()),
            DueAt = new(from.Int64()),
            KeyChanged = from.Bool(),
            InTime = from.Bool(),
            Request = from.Bool() ? OperatorRequest.Read(ref from) : null,
            RowBytes = from.Rest,
        };
    }
}

sealed class OrderMessageSerde : ISerde<OrderMessage>
{
    public OrderMessage Read(ReadOnlySpan<byte> source) => OrderMessage.Read(source);

    public void Write(OrderMessage value, ByteWriter destination) => value.Write(destination);
}
