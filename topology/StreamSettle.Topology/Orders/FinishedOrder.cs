using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Orders;

/// <summary>Settle is done with an order and its retention is over: the clock may forget it. A record of <c>finished-orders</c>, to the clock task that handed it over.</summary>
/// <param name="Taken">How many of the clock's messages about it settle has taken: if the clock has sent more, something is on its way, and nothing is forgotten.</param>
/// <param name="Mark">The mark that it was settled by.</param>
/// <param name="CompletedAt">Of a calculated order; null else.</param>
/// <remarks><code>version(1)=1 | order(8) | merchant(8) | taken(varint) | markUs(varint) | completedAtUs(nullable varint)</code></remarks>
readonly record struct FinishedOrder(OrderId Order, MerchantId Merchant, long Taken, UtcInstant Mark, UtcInstant? CompletedAt) : IBinary<FinishedOrder>
{
    const byte Version = 1;

    public static FinishedOrder Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version
            ? new(new(from.Int64()), new(from.Int64()), from.VarInt64(), new(from.VarInt64()), from.NullableVarInt64() is { } at ? new UtcInstant(at) : null)
            : throw new CorruptStateException($"a finished order has version {version}, this program knows {Version}");
    }

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.Int64(Order.Value);
        to.Int64(Merchant.Value);
        to.VarInt64(Taken);
        to.VarInt64(Mark.Microseconds);
        to.NullableVarInt64(CompletedAt?.Microseconds);
    }
}
