using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Formats;

/// <summary>What the clock tells settle, in either form.</summary>
sealed class OrderMessageSerde(MessageSchemas schemas, bool writesAvro) : ISerde<OrderMessage>
{
    readonly OrderMessageAvro avro = new(schemas);

    public OrderMessage Read(ReadOnlySpan<byte> source) => MessageReader.Takes(source) ? avro.Read(source) : OrderMessage.Read(source);

    /// <remarks>A text of the source that is no UTF-8 would be refused by whoever reads Avro: such a message goes as it came, in the binary form.</remarks>
    public void Write(OrderMessage value, ByteWriter destination)
    {
        if (writesAvro && OrderMessageAvro.Takes(value))
        {
            avro.Write(value, destination);
        }
        else
        {
            value.Write(destination);
        }
    }
}
