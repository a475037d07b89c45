using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Kernel.Calls;

/// <summary>What became of a call, as delivery tells settlement. The names are those of the events that follow.</summary>
public enum DeliveryOutcome : byte
{
    /// <summary>Accepted; once per key. <see cref="DeliveryResult.Text"/> is the receipt.</summary>
    Confirmed = 1,

    /// <summary>An attempt failed and will be repeated; once per such attempt. The text is the reason.</summary>
    Failed = 2,

    /// <summary>Given up until a person acts. The text is the reason, starting with <c>unknown:</c> where it may have happened.</summary>
    DeadLettered = 3,

    /// <summary>A person sent it again.</summary>
    Replayed = 4,

    /// <summary>A person gave it up. The text starts with <c>unknown:</c> where nobody could say whether it had happened, else it is empty.</summary>
    Discarded = 5,

    /// <summary>
    /// It waits to be sent, and a hold keeps it back. The text is the scope of the hold, the note its reason, <see cref="DeliveryResult.By"/> and
    /// <see cref="DeliveryResult.RequestId"/> are whose it is. May be told again.
    /// </summary>
    Held = 6,

    /// <summary>An invoice that had been left out of a confirmed call was sent; once per key. The text is empty.</summary>
    InvoiceDelivered = 7,
}

/// <summary>A record of <c>delivery-results</c>; its record key is the merchant id, 8 bytes big-endian.</summary>
/// <remarks>
/// <code>
///  version(1)=2 or 3 | outcome(1) | order(8) | leg(1) | n(varint) | merchant(8) | attempt(varint) | recordedAtUs(8) | text | by(nullable) | requestId(nullable) | note(nullable)
///  | returns(varint): in version 3, of a call whose effect was undone before
/// </code>
/// </remarks>
/// <param name="Attempt">How many POSTs of the key were made so far, 1 for the first.</param>
/// <param name="RecordedAt">Wall clock when the outcome was known.</param>
/// <param name="Text">Receipt or reason, as <see cref="DeliveryOutcome"/> says; empty for replays.</param>
/// <param name="By">Who replayed, discarded or holds.</param>
/// <param name="RequestId">The operator's request, for replays, discards and holds.</param>
/// <param name="Note">Why it was replayed or discarded, or is held, in the operator's words; null where none were given. Of an attempt see <see cref="LeftOutInvoice"/>.</param>
public readonly record struct DeliveryResult(
    DeliveryOutcome Outcome, CallKey Key, MerchantId Merchant, int Attempt, UtcInstant RecordedAt, string Text, string? By = null, string? RequestId = null,
    string? Note = null) : IBinary<DeliveryResult>
{
    const byte Version = 2;
    const byte OfReturned = 3;

    public void Write(ByteWriter to)
    {
        to.Byte(Key.Returns == 0 ? Version : OfReturned);
        to.Byte((byte)Outcome);
        to.Int64(Key.Order.Value);
        to.Byte((byte)Key.Leg);
        to.VarUInt64((ulong)Key.N);
        to.Int64(Merchant.Value);
        to.VarUInt64((ulong)Attempt);
        to.Int64(RecordedAt.Microseconds);
        to.String(Text);
        to.NullableString(By);
        to.NullableString(RequestId);
        to.NullableString(Note);
        if (Key.Returns > 0)
        {
            to.VarUInt64((ulong)Key.Returns);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no result of ours.</exception>
    public static DeliveryResult Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version is not (Version or OfReturned))
        {
            throw new CorruptStateException($"a delivery result has version {version}, this program knows {Version} and {OfReturned}");
        }

        var result = new DeliveryResult(
            (DeliveryOutcome)from.Byte(),
            new(new(from.Int64()), (Leg)from.Byte(), from.Count()),
            new(from.Int64()),
            from.Count(),
            new(from.Int64()),
            from.String(),
            from.NullableString(),
            from.NullableString(),
            from.NullableString());
        return version == OfReturned ? result with { Key = result.Key with { Returns = from.Count() } } : result;
    }
}
