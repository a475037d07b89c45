using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Formats;

/// <summary>Reads records in either form, and writes one of them. For what people read and ask; what goes through a task for each order has a serde of its own, without a call through an interface.</summary>
sealed class EitherFormSerde<T>(ISerde<T> binary, IMessageForm<T> avro, bool writesAvro) : ISerde<T>
{
    public T Read(ReadOnlySpan<byte> source) => MessageReader.Takes(source) ? avro.Read(source) : binary.Read(source);

    public void Write(T value, ByteWriter destination)
    {
        if (writesAvro)
        {
            avro.Write(value, destination);
        }
        else
        {
            binary.Write(value, destination);
        }
    }
}
