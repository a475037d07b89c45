using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Kernel.Calls;

/// <summary>What settlement asks of delivery about one call.</summary>
public enum DeliveryCommandKind : byte
{
    /// <summary>Make the call: the key and the bytes are new. A key that is known already changes nothing.</summary>
    Send = 1,

    /// <summary>Try a dead-lettered call again, under its own key and bytes.</summary>
    Replay = 2,

    /// <summary>Give a dead-lettered call up.</summary>
    Discard = 3,

    /// <summary>Nobody needs the call any more: its order's retention is over, and its key is never sent again; or its system has lost it, and a <see cref="Send"/> follows.</summary>
    Forget = 4,

    /// <summary>
    /// As <see cref="Send"/>, of a call that the event log knew when the state was rebuilt: whether it was sent before is not known, so the system is asked first, and
    /// what it has is taken.
    /// </summary>
    Ask = 5,

    /// <summary>
    /// As <see cref="Ask"/>, of a call that the event log did not know when the state was rebuilt: if the system has it, it knows more than the log, and a person decides.
    /// </summary>
    Claim = 6,
}

/// <summary>A record of a command topic; its record key is the merchant id, 8 bytes big-endian. The layout is the order of the members below.</summary>
/// <remarks>
/// <code>
///  version(1)=3 or 4 | kind(1) | order(8) | leg(1) | n(varint) | merchant(8) | lane(1) | dueAtUs(8) | by(nullable) | requestId(nullable) | note(nullable)
///  | keyAccount(1) | invoiceAt(varint) | body(span) | returns(varint): in version 4, of a call whose effect was undone before
/// </code>
/// Version 2, of the release before, has neither <c>keyAccount</c> nor <c>invoiceAt</c>: its calls are no key account's, and their invoices stay in them.
/// </remarks>
public readonly ref struct DeliveryCommand : IBinary<DeliveryCommand>
{
    const byte Version = 3;
    const byte WithoutInvoicePlace = 2;
    const byte OfReturned = 4;

    public required DeliveryCommandKind Kind { get; init; }

    public required CallKey Key { get; init; }

    public required MerchantId Merchant { get; init; }

    public required Lane Lane { get; init; }

    /// <summary>The mark: of several calls that could be sent at once the older mark goes first.</summary>
    public required UtcInstant DueAt { get; init; }

    /// <summary>Who replays or discards; null for a send.</summary>
    public string? By { get; init; }

    /// <summary>The operator's request, unique; null for a send.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it is discarded, in the operator's words; null where none were given, and for a send.</summary>
    public string? Note { get; init; }

    /// <summary>The merchant is a key account: its calls go on to a degraded system.</summary>
    public bool KeyAccount { get; init; }

    /// <summary>Where in the body its last member, the invoice, begins, with the comma before it: from there on it may be left out until the first attempt; 0 for no invoice.</summary>
    public int InvoiceAt { get; init; }

    /// <summary>The bytes of the call, with the invoice (I4); empty where none is to be made.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    public void Write(ByteWriter to)
    {
        to.Byte(Key.Returns == 0 ? Version : OfReturned);
        to.Byte((byte)Kind);
        to.Int64(Key.Order.Value);
        to.Byte((byte)Key.Leg);
        to.VarUInt64((ulong)Key.N);
        to.Int64(Merchant.Value);
        to.Byte((byte)Lane);
        to.Int64(DueAt.Microseconds);
        to.NullableString(By);
        to.NullableString(RequestId);
        to.NullableString(Note);
        to.Bool(KeyAccount);
        to.VarUInt64((ulong)InvoiceAt);
        to.Span(Body);
        if (Key.Returns > 0)
        {
            to.VarUInt64((ulong)Key.Returns);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no command of ours.</exception>
    public static DeliveryCommand Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version is not (Version or WithoutInvoicePlace or OfReturned))
        {
            throw new CorruptStateException($"a delivery command has version {version}, this program knows {WithoutInvoicePlace} to {OfReturned}");
        }

        var command = new DeliveryCommand
        {
            Kind = (DeliveryCommandKind)from.Byte(),
            Key = new(new(from.Int64()), (Leg)from.Byte(), from.Count()),
            Merchant = new(from.Int64()),
            Lane = (Lane)from.Byte(),
            DueAt = new(from.Int64()),
            By = from.NullableString(),
            RequestId = from.NullableString(),
            Note = from.NullableString(),
            KeyAccount = version != WithoutInvoicePlace && from.Bool(),
            InvoiceAt = version != WithoutInvoicePlace ? from.Count() : 0,
            Body = from.Span(),
        };
        return version == OfReturned ? command.WithReturns(from.Count()) : command;
    }

    DeliveryCommand WithReturns(int returns) => new()
    {
        Kind = Kind, Key = Key with { Returns = returns }, Merchant = Merchant, Lane = Lane, DueAt = DueAt, By = By, RequestId = RequestId, Note = Note, KeyAccount = KeyAccount,
        InvoiceAt = InvoiceAt, Body = Body,
    };
}
