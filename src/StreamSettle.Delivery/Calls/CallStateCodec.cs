using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Calls;

/// <summary>A call's state in its store, under <see cref="StoredCallKey"/>.</summary>
/// <remarks>
/// <code>
///  version(1)=2, 3 or 4 | phase(1) | attempts(varint)                       confirmed and discarded end here: a tombstone that makes a second send of the key do nothing
///  | invoice(1)                                                        in version 4, a tombstone's: the invoice was left out of the call
///  | flags(1: 1 may have happened, 2 singly, 4 key account) | merchant(8) | lane(1) | dueAtUs(8) | queueNo(varint)
///  | attemptsBefore(varint) | asks(varint) | backOffs(varint) | nextAtUs(8) | reason(span, UTF-8) | ending(1)
///  | discardedBy(nullable) | requestId(nullable) | note(nullable)      these three where ending = 2
///  | invoice(1) | invoiceAt(varint)                                    these two in version 3: where the invoice is not in the bytes, or may yet be left out
/// </code>
/// <c>nextAt</c> is the monotonic clock's, see <see cref="StoreClock"/>. Golden bytes: <c>CodecTests</c>.
/// </remarks>
internal static class CallStateCodec
{
    const byte Version = 2;
    const byte VersionWithInvoice = 3;
    const byte VersionOfCutTombstone = 4;
    const byte MayHaveHappenedFlag = 1;
    const byte SinglyFlag = 2;
    const byte KeyAccountFlag = 4;

    internal static void Write(in CallState state, ByteWriter to)
    {
        var hasInvoice = state.Invoice != InvoiceFate.InBody && !IsTombstone(state.Phase);
        var isCut = state.LeavesOutInvoice && state.Phase == CallPhase.Confirmed;
        to.Byte(hasInvoice ? VersionWithInvoice : isCut ? VersionOfCutTombstone : Version);
        to.Byte((byte)state.Phase);
        to.VarUInt64((ulong)state.Attempts);
        if (isCut)
        {
            to.Byte((byte)state.Invoice);
        }

        if (IsTombstone(state.Phase))
        {
            return;
        }

        to.Byte((byte)((state.MayHaveHappened ? MayHaveHappenedFlag : 0) | (state.Singly ? SinglyFlag : 0) | (state.KeyAccount ? KeyAccountFlag : 0)));
        to.Int64(state.Merchant.Value);
        to.Byte((byte)state.Lane);
        to.Int64(state.DueAt.Microseconds);
        to.VarUInt64((ulong)state.QueueNo);
        to.VarUInt64((ulong)state.AttemptsBefore);
        to.VarUInt64((ulong)state.Asks);
        to.VarUInt64((ulong)state.BackOffs);
        to.Int64(state.NextAt.Microseconds);
        to.String(state.Reason);
        to.Byte((byte)state.Ending);
        if (state.IsBeingDiscarded)
        {
            to.NullableString(state.DiscardedBy);
            to.NullableString(state.RequestId);
            to.NullableString(state.Note);
        }

        if (hasInvoice)
        {
            to.Byte((byte)state.Invoice);
            to.VarUInt64((ulong)state.InvoiceAt);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no state of ours.</exception>
    internal static CallState Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        var phase = (CallPhase)from.Byte();
        if (version is not (Version or VersionWithInvoice or VersionOfCutTombstone) || (version == VersionOfCutTombstone && phase != CallPhase.Confirmed) || !CallDecider.Next.ContainsKey(phase))
        {
            throw new CorruptStateException($"a call's state has version {version} and phase {(byte)phase}, this program knows versions {Version} to {VersionOfCutTombstone} and phases 1 to 12");
        }

        var attempts = from.Count();
        if (IsTombstone(phase))
        {
            return new() { Phase = phase, Attempts = attempts, Invoice = version == VersionOfCutTombstone ? (InvoiceFate)from.Byte() : InvoiceFate.InBody };
        }

        var flags = from.Byte();
        var state = new CallState
        {
            Phase = phase,
            Attempts = attempts,
            MayHaveHappened = (flags & MayHaveHappenedFlag) != 0,
            Singly = (flags & SinglyFlag) != 0,
            KeyAccount = (flags & KeyAccountFlag) != 0,
            Merchant = new(from.Int64()),
            Lane = (Lane)from.Byte(),
            DueAt = new(from.Int64()),
            QueueNo = (long)from.VarUInt64(),
            AttemptsBefore = from.Count(),
            Asks = from.Count(),
            BackOffs = from.Count(),
            NextAt = new(from.Int64()),
            Reason = from.String(),
            Ending = (CallEnding)from.Byte(),
        };
        if (state.IsBeingDiscarded)
        {
            state = state with { DiscardedBy = from.NullableString(), RequestId = from.NullableString(), Note = from.NullableString() };
        }

        return version == VersionWithInvoice ? state with { Invoice = (InvoiceFate)from.Byte(), InvoiceAt = from.Count() } : state;
    }

    static bool IsTombstone(CallPhase phase) => phase is CallPhase.Confirmed or CallPhase.Discarded;
}
