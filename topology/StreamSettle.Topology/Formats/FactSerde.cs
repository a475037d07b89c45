using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Auditing;

namespace StreamSettle.Topology.Formats;

/// <summary>Writes facts in Avro.</summary>
sealed class FactSerializer(MessageSchemas schemas) : ISerializer<OrderEvent>
{
    readonly SettlementFactAvro avro = new(schemas);

    public void Write(OrderEvent value, ByteWriter destination) => avro.Write(value, destination);
}

/// <summary>Reads facts in either form, as the bytes that the audit takes: those of the binary one. Good until the next read.</summary>
sealed class FactBytes(MessageSchemas schemas) : IDeserializer<ReadOnlySpan<byte>>
{
    readonly SettlementFactAvro avro = new(schemas);
    readonly ByteBuffer binary = new();

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source)
    {
        if (!MessageReader.Takes(source))
        {
            return source;
        }

        binary.Clear();
        EventCodec.Write(new(binary), avro.Read(source));
        return binary.Written;
    }
}
