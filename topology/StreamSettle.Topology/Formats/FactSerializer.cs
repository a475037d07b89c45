using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Auditing;

namespace StreamSettle.Topology.Formats;

/// <summary>Writes facts in Avro.</summary>
sealed class FactSerializer(MessageSchemas schemas) : ISerializer<OrderEvent>
{
    readonly SettlementFactAvro avro = new(schemas);

    public void Write(OrderEvent value, ByteWriter destination) => avro.Write(value, destination);
}
