using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages.People;

/// <summary>Dead letters in Avro, by <c>dead-letter.avsc</c>. One instance belongs to one task.</summary>
public sealed class DeadLetterAvro(MessageSchemas schemas) : IMessageForm<DeadLetter>
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

    public void Write(DeadLetter value, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.DeadLetter), to);
        var avro = new AvroEncoder(to);
        avro.Text(value.Id);
        avro.Text(value.Stage);
        avro.OptionalLong(value.OrderId);
        avro.OptionalLong(value.MerchantId);
        avro.Text(value.Reason);
        avro.Long(value.Since.Microseconds);
        avro.Int(value.Attempts);
        avro.Bytes(value.Payload);
        avro.OptionalText(value.Topic);
        avro.Int(value.Partition);
        avro.Long(value.Offset);
        avro.OptionalText(value.RecordKey is not null, value.RecordKey);
        avro.Bytes(value.RecordHeaders);
        avro.Long(value.RecordTimestampMs);
        avro.OptionalText(value.DiscardedBy);
    }
}
