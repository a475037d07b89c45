using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages.Calls;

/// <summary>Delivery commands in Avro, by <c>delivery-command.avsc</c>. One instance belongs to one task.</summary>
public sealed class DeliveryCommandAvro(MessageSchemas schemas)
{
    /// <summary>The first symbol's; the layout of releases before has them from 1 on.</summary>
    const int FirstKind = (int)DeliveryCommandKind.Send;

    const int Kinds = (int)DeliveryCommandKind.Claim;
    const int Legs = (int)Leg.TaxRefund + 1;
    const int Lanes = (int)Lane.Priority + 1;

    static readonly string[] Places =
        ["kind", "key.order", "key.leg", "key.n", "merchant", "lane", "dueAt", "by", "requestId", "note", "keyAccount", "invoiceAt", "body", "key.returns"];

    readonly MessageReader reader = new(MessageSchema.DeliveryCommand, schemas, Places);

    /// <inheritdoc cref="MessageReader.Read"/>
    public DeliveryCommand Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        return new()
        {
            Kind = (DeliveryCommandKind)(values.Symbol(0, Kinds) + FirstKind),
            Key = new(new(values.Long(1)), (Leg)values.Symbol(2, Legs), values.Int(3), values.Int(13)),
            Merchant = new(values.Long(4)),
            Lane = (Lane)values.Symbol(5, Lanes),
            DueAt = new(values.Long(6)),
            By = values.OptionalText(7),
            RequestId = values.OptionalText(8),
            Note = values.OptionalText(9),
            KeyAccount = values.Flag(10),
            InvoiceAt = values.Int(11),
            Body = values.Bytes(12),
        };
    }

    public void Write(in DeliveryCommand command, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.DeliveryCommand), to);
        var avro = new AvroEncoder(to);
        avro.Int((int)command.Kind - FirstKind);
        WriteKey(command.Key, avro);
        avro.Long(command.Merchant.Value);
        avro.Int((int)command.Lane);
        avro.Long(command.DueAt.Microseconds);
        avro.OptionalText(command.By);
        avro.OptionalText(command.RequestId);
        avro.OptionalText(command.Note);
        avro.Boolean(command.KeyAccount);
        avro.Int(command.InvoiceAt);
        avro.Bytes(command.Body);
    }

    /// <summary>The record <c>CallKey</c>, which several schemas have.</summary>
    public static void WriteKey(CallKey key, AvroEncoder to)
    {
        to.Long(key.Order.Value);
        to.Int((int)key.Leg);
        to.Int(key.N);
        to.Int(key.Returns);
    }
}
