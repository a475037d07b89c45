using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of a <see cref="KeptSettlement"/> in the store <c>settlements</c>, under the order's id.</summary>
/// <remarks>
/// <code>
///  version(1)=6 | books(see OrderBookkeeping) | cause | clockTask(varint) | taken(varint)
///  | waits(1): cause, refunded: scale(1), unscaled(16); keyChanged(1), transaction(see SourceTransaction), nextOffset(varint)
///  | row(span) | state(see SettlementCodec)
/// </code>
/// </remarks>
static class KeptSettlementCodec
{
    const byte Version = 6;

    public static void Write(ByteWriter to, KeptSettlement kept)
    {
        to.Byte(Version);
        kept.Books.Order.Write(to);
        to.String(kept.Books.Cause);
        to.VarInt64(kept.Books.ClockTask);
        to.VarInt64(kept.Books.Taken);
        Write(to, kept.Books.Refund);
        to.Span(kept.Books.Row.AsSpan());
        SettlementCodec.Write(to, kept.State);
    }

    /// <exception cref="CorruptStateException">The bytes are no settlement of ours.</exception>
    public static KeptSettlement Read(OrderId order, ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"a settlement has version {version}, this program knows {Version}");
        }

        var books = new SettleBookkeeping
        {
            Order = OrderBookkeeping.Read(ref from), Cause = from.String(), ClockTask = (int)from.VarInt64(), Taken = from.VarInt64(), Refund = ReadRefund(ref from),
            Row = [.. from.Span()],
        };
        return new(order, SettlementCodec.Read(ref from), books);
    }

    static void Write(ByteWriter to, WaitingRefund? refund)
    {
        to.Bool(refund is not null);
        if (refund is not null)
        {
            to.String(refund.Cause);
            to.Byte(refund.Refunded.Scale);
            to.Int128(refund.Refunded.Unscaled);
            to.Bool(refund.KeyChanged);
            refund.Transaction.Write(to);
            to.VarInt64(refund.NextOffset);
        }
    }

    static WaitingRefund? ReadRefund(ref ByteReader from)
    {
        if (!from.Bool())
        {
            return null;
        }

        var cause = from.String();
        var scale = from.Byte();
        return new(cause, new(from.Int128(), scale), from.Bool(), SourceTransaction.Read(ref from), from.VarInt64());
    }
}
