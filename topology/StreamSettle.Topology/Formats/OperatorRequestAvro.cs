using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Calls;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;
using StreamSettle.Topology.Operators;

namespace StreamSettle.Topology.Formats;

/// <summary>What operators ask in Avro, by <c>operator-command.avsc</c>. Not thread-safe.</summary>
sealed class OperatorRequestAvro(MessageSchemas schemas) : IMessageForm<OperatorRequest>
{
    // Symbols of OperatorCommandKind.
    const int Replay = 0;
    const int Discard = 1;
    const int SendAgain = 2;
    const int Returned = 3;
    const int Reread = 4;
    const int PassOver = 5;
    const int Kinds = PassOver + 1;

    const int Legs = (int)Leg.TaxRefund + 1;

    static readonly string[] Places =
    [
        "kind", "by", "requestId", "key", "key.order", "key.leg", "key.n", "key.returns", "neverCalculated", "note", "reason", "at",
        "record", "record.topic", "record.offset", "record.timestampMs", "record.key", "record.headers", "record.value",
    ];

    readonly MessageReader reader = new(MessageSchema.OperatorCommand, schemas, Places);

    /// <exception cref="CorruptStateException">The record is no request of ours.</exception>
    /// <inheritdoc cref="MessageReader.Read"/>
    public OperatorRequest Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        var (by, id) = (values.Text(1), values.Text(2));
        return values.Symbol(0, Kinds) switch
        {
            Replay => new OperatorRequest.Replay(Key(values), values.Flag(8), by, id, values.OptionalText(9)),
            Discard => new OperatorRequest.Discard(Key(values), values.OptionalText(9), by, id),
            SendAgain => new OperatorRequest.SendAgain(Key(values), by, id),
            Returned => new OperatorRequest.Returned(Key(values), values.Text(10), new(values.Long(11))),
            Reread => new OperatorRequest.Reread(SetAside(values), by, id),
            _ => new OperatorRequest.PassOver(SetAside(values), by, id),
        };
    }

    public void Write(OperatorRequest value, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.OperatorCommand), to);
        var avro = new AvroEncoder(to);
        avro.Int(SymbolOf(value));
        avro.Text(value.By);
        avro.Text(value.RequestId);
        if (avro.Optional(value is OperatorRequest.OfKey))
        {
            DeliveryCommandAvro.WriteKey(((OperatorRequest.OfKey)value).Key, avro);
        }

        avro.Boolean(value is OperatorRequest.Replay { NeverCalculated: true });
        avro.OptionalText(value switch { OperatorRequest.Replay replay => replay.Note, OperatorRequest.Discard discard => discard.Note, _ => null });
        var (reason, at) = value is OperatorRequest.Returned returned ? (returned.Reason, returned.At) : ("", default);
        avro.Text(reason);
        avro.Long(at.Microseconds);
        if (avro.Optional(value is OperatorRequest.OfRecord))
        {
            var record = ((OperatorRequest.OfRecord)value).Record;
            avro.Text(record.Topic);
            avro.Long(record.Offset);
            avro.Long(record.TimestampMs);
            avro.OptionalText(record.Key is not null, record.Key);
            avro.Bytes(record.Headers);
            avro.Bytes(record.Value);
        }
    }

    static CallKey Key(MessageValues values) => values.Has(3)
        ? new(new(values.Long(4)), (Leg)values.Symbol(5, Legs), values.Int(6), values.Int(7))
        : throw new CorruptStateException("an operator's request about a call has no key");

    static IntakeRecord SetAside(MessageValues values) => values.Has(12)
        ? new(values.Text(13), values.Long(14), values.Long(15), values.Has(16) ? values.Bytes(16).ToArray() : null, values.Bytes(17).ToArray(), values.Bytes(18).ToArray())
        : throw new CorruptStateException("an operator's request about a record has no record");

    static int SymbolOf(OperatorRequest request) => request switch
    {
        OperatorRequest.Replay => Replay,
        OperatorRequest.Discard => Discard,
        OperatorRequest.SendAgain => SendAgain,
        OperatorRequest.Returned => Returned,
        OperatorRequest.Reread => Reread,
        OperatorRequest.PassOver => PassOver,
        _ => throw new BrokenInvariantException($"unknown request {request}"),
    };
}
