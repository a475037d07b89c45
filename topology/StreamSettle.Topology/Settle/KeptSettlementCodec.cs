using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Payouts;

namespace StreamSettle.Topology.Settle;

/// <summary>The bytes of a <see cref="KeptSettlement"/> in the store <c>settlements</c>, under the order's id.</summary>
/// <remarks>
/// <code>
///  version(1) | books(see OrderBookkeeping) | cause | clockTask(varint) | taken(varint)
///  | waits(1): cause, refunded: scale(1), unscaled(16); keyChanged(1), transaction(see SourceTransaction), nextOffset(varint)
///  | row(span) | state(see SettlementCodec) | of versions 7 to 9: held(count) { scope }... | of version 8: knownTo(varint)
///  | of version 9: knownTo(1, varint), payout(see PayoutCodec)
/// </code>
/// Version 6 where nothing holds it, as most are: so what an earlier program wrote is read, and one that knows no holds does not pass one over. Version 8 where it is of before a rebuild. Version 9 where payout terms were agreed, or the split is kept back.
/// </remarks>
static class KeptSettlementCodec
{
    const byte Version = 6;
    const byte VersionOfHeld = 7;
    const byte VersionOfRebuilt = 8;
    const byte VersionOfPayout = 9;

    public static void Write(ByteWriter to, KeptSettlement kept)
    {
        var version = kept.State.Settled is { Payout: not null } or { Deferred: not null } ? VersionOfPayout
            : kept.Books.KnownTo is not null ? VersionOfRebuilt : kept.State.Held.IsEmpty ? Version : VersionOfHeld;
        to.Byte(version);
        kept.Books.Order.Write(to);
        to.String(kept.Books.Cause);
        to.VarInt64(kept.Books.ClockTask);
        to.VarInt64(kept.Books.Taken);
        Write(to, kept.Books.Refund);
        to.Span(kept.Books.Row.AsSpan());
        SettlementCodec.Write(to, kept.State);
        if (version != Version)
        {
            WriteHeld(to, kept.State.Held);
        }

        if (version == VersionOfPayout)
        {
            to.NullableVarInt64(kept.Books.KnownTo);
            PayoutCodec.Write(to, kept.State.Settled!.Payout, kept.State.Settled.Deferred);
        }
        else if (kept.Books.KnownTo is { } known)
        {
            to.VarInt64(known);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no settlement of ours.</exception>
    public static KeptSettlement Read(OrderId order, ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version is < Version or > VersionOfPayout)
        {
            throw new CorruptStateException($"a settlement has version {version}, this program knows {Version} to {VersionOfPayout}");
        }

        var books = new SettleBookkeeping
        {
            Order = OrderBookkeeping.Read(ref from), Cause = from.String(), ClockTask = (int)from.VarInt64(), Taken = from.VarInt64(), Refund = ReadRefund(ref from),
            Row = [.. from.Span()],
        };
        var state = SettlementCodec.Read(ref from);
        state = version == Version ? state : state with { Held = ReadHeld(ref from) };
        if (version == VersionOfPayout)
        {
            books = books with { KnownTo = (int?)from.NullableVarInt64() };
            var (agreed, deferred) = PayoutCodec.Read(ref from);
            return new(order, state with { Settled = state.Settled! with { Payout = agreed, Deferred = deferred } }, books);
        }

        return new(order, state, version == VersionOfRebuilt ? books with { KnownTo = (int)from.VarInt64() } : books);
    }

    static void WriteHeld(ByteWriter to, ImmutableArray<string> held)
    {
        to.VarUInt64((ulong)held.Length);
        foreach (var scope in held)
        {
            to.String(scope);
        }
    }

    static ImmutableArray<string> ReadHeld(ref ByteReader from)
    {
        var held = new string[from.Count()];
        for (var i = 0; i < held.Length; i++)
        {
            held[i] = from.String();
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(held);
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
