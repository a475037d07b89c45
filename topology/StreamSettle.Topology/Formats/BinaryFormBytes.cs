using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.People;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Formats;

/// <summary>Reads dead letters in either form, as the bytes that the store of them holds: those of the binary one. Good until the next read.</summary>
sealed class DeadLetterBytes(MessageSchemas schemas) : IDeserializer<ReadOnlySpan<byte>>
{
    readonly DeadLetterAvro avro = new(schemas);
    readonly ByteBuffer binary = new();

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source)
    {
        if (!MessageReader.Takes(source))
        {
            return source;
        }

        binary.Clear();
        avro.Read(source).Write(new(binary));
        return binary.Written;
    }
}
