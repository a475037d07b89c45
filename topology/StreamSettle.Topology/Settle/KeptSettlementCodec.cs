using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of a <see cref="KeptSettlement"/> in the store <c>settlements</c>, under the order's id.</summary>
/// <remarks>
/// <code>
///  version(1)=4 | cause | keyChanged(1) | inTime(1) | nextOffset(varint) | doubts(count, varints) | clockTask(varint) | taken(varint) | indexedAtUs(nullable varint)
///  | waits(1): cause, refunded: scale(1), unscaled(16); keyChanged(1), committedAtUs(8), nextOffset(varint) | row(span) | state (see SettlementCodec)
/// </code>
/// </remarks>
static class KeptSettlementCodec
{
    const byte Version = 4;

    public static void Write(ByteWriter to, KeptSettlement kept)
    {
        var books = kept.Books;
        to.Byte(Version);
        to.String(books.Cause);
        to.Bool(books.KeyChanged);
        to.Bool(books.InTime);
        to.VarInt64(books.NextOffset);
        DoubtList.Write(to, books.Doubts);
        to.VarInt64(books.ClockTask);
        to.VarInt64(books.Taken);
        to.NullableVarInt64(books.IndexedAt?.Microseconds);
        Write(to, books.Refund);
        to.Span(books.Row.AsSpan());
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
            Cause = from.String(),
            KeyChanged = from.Bool(),
            InTime = from.Bool(),
            NextOffset = from.VarInt64(),
            Doubts = DoubtList.Read(ref from),
            ClockTask = (int)from.VarInt64(),
            Taken = from.VarInt64(),
            IndexedAt = from.NullableVarInt64() is { } at ? new UtcInstant(at) : null,
            Refund = ReadRefund(ref from),
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
            to.Int64(refund.CommittedAt.Microseconds);
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
        return new(cause, new(from.Int128(), scale), from.Bool(), new(from.Int64()), from.VarInt64());
    }
}
