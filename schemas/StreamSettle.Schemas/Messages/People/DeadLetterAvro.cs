using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages.People;

/// <summary>Dead letters in Avro, by <c>dead-letter.avsc</c>. One instance belongs to one task.</summary>
public sealed class DeadLetterAvro(MessageSchemas schemas)
{
    static readonly string[] Places =
    [
        "id", "stage", "orderId", "merchantId", "reason", "since", "attempts", "payload", "topic", "partition", "offset", "recordKey", "recordHeaders", "recordTimestampMs", "discardedBy",
    ];

    readonly MessageReader reader = new(MessageSchema.DeadLetter, schemas, Places);

    /// <inheritdoc cref="MessageReader.Read"/>
    public DeadLetter Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        return new()
        {
            Id = values.Text(0),
            Stage = values.Text(1),
            OrderId = values.OptionalLong(2),
            MerchantId = values.OptionalLong(3),
            Reason = values.Text(4),
            Since = new(values.Long(5)),
            Attempts = values.Int(6),
            Payload = values.Bytes(7).ToArray(),
            Topic = values.OptionalText(8),
            Partition = values.Int(9),
            Offset = values.Long(10),
            RecordKey = values.Has(11) ? values.Bytes(11).ToArray() : null,
            RecordHeaders = values.Bytes(12).ToArray(),
            RecordTimestampMs = values.Long(13),
            DiscardedBy = values.OptionalText(14),
        };
    }

    public void Write(DeadLetter letter, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.DeadLetter), to);
        var avro = new AvroEncoder(to);
        avro.Text(letter.Id);
        avro.Text(letter.Stage);
        avro.OptionalLong(letter.OrderId);
        avro.OptionalLong(letter.MerchantId);
        avro.Text(letter.Reason);
        avro.Long(letter.Since.Microseconds);
        avro.Int(letter.Attempts);
        avro.Bytes(letter.Payload);
        avro.OptionalText(letter.Topic);
        avro.Int(letter.Partition);
        avro.Long(letter.Offset);
        avro.OptionalText(letter.RecordKey is not null, letter.RecordKey);
        avro.Bytes(letter.RecordHeaders);
        avro.Long(letter.RecordTimestampMs);
        avro.OptionalText(letter.DiscardedBy);
    }
}
