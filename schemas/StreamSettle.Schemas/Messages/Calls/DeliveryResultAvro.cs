using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages.Calls;

/// <summary>Delivery results in Avro, by <c>delivery-result.avsc</c>. One instance belongs to one task.</summary>
public sealed class DeliveryResultAvro(MessageSchemas schemas)
{
    /// <summary>The first symbol's; the layout of releases before has them from 1 on.</summary>
    const int FirstOutcome = (int)DeliveryOutcome.Confirmed;

    const int Outcomes = (int)DeliveryOutcome.InvoiceDelivered;
    const int Legs = (int)Leg.TaxRefund + 1;

    static readonly string[] Places = ["outcome", "key.order", "key.leg", "key.n", "merchant", "attempt", "recordedAt", "text", "by", "requestId", "note", "key.returns"];

    readonly MessageReader reader = new(MessageSchema.DeliveryResult, schemas, Places);

    /// <inheritdoc cref="MessageReader.Read"/>
    public DeliveryResult Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        return new(
            (DeliveryOutcome)(values.Symbol(0, Outcomes) + FirstOutcome), new(new(values.Long(1)), (Leg)values.Symbol(2, Legs), values.Int(3), values.Int(11)), new(values.Long(4)), values.Int(5), new(values.Long(6)),
            values.Text(7), values.OptionalText(8), values.OptionalText(9), values.OptionalText(10));
    }

    public void Write(in DeliveryResult result, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.DeliveryResult), to);
        var avro = new AvroEncoder(to);
        avro.Int((int)result.Outcome - FirstOutcome);
        DeliveryCommandAvro.WriteKey(result.Key, avro);
        avro.Long(result.Merchant.Value);
        avro.Int(result.Attempt);
        avro.Long(result.RecordedAt.Microseconds);
        avro.Text(result.Text);
        avro.OptionalText(result.By);
        avro.OptionalText(result.RequestId);
        avro.OptionalText(result.Note);
    }
}
