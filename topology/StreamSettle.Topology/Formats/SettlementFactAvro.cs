using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Registry;
using StreamSettle.Topology.Auditing;

namespace StreamSettle.Topology.Formats;

/// <summary>Facts in Avro, by <c>settlement-fact.avsc</c>: what the event log takes of them stays as it is, byte by byte. One instance belongs to one task.</summary>
sealed class SettlementFactAvro(MessageSchemas schemas)
{
    /// <summary>The first symbol's; tags begin at 1.</summary>
    const int FirstKind = (int)EventKind.SettlementScheduled;

    static readonly string[] Places = ["kind", "orderId", "cause", "json"];

    readonly MessageReader reader = new(MessageSchema.SettlementFact, schemas, Places);

    /// <inheritdoc cref="MessageReader.Read"/>
    public EventRecord Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        return new() { Kind = (EventKind)(values.Symbol(0, EventKinds.All.Count) + FirstKind), OrderId = new(values.Long(1)), Cause = values.Bytes(2), Json = values.Bytes(3) };
    }

    public void Write(in OrderEvent fact, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.SettlementFact), to);
        var avro = new AvroEncoder(to);
        avro.Int((int)fact.Happened.Kind() - FirstKind);
        avro.Long(fact.Order.Value);
        avro.Text(fact.Happened.Cause);
        avro.Bytes(EventJson.Write(fact.Happened));
    }
}
