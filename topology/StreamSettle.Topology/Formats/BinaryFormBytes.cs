using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Formats;

/// <summary>Reads records in either form as the bytes of the binary one, for who keeps or takes those. Good until the next read.</summary>
/// <param name="toBinary">Writes a record in Avro in the binary form.</param>
sealed class BinaryFormBytes(ToBinaryForm toBinary) : IDeserializer<ReadOnlySpan<byte>>
{
    readonly ByteBuffer binary = new();

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source)
    {
        if (!MessageReader.Takes(source))
        {
            return source;
        }

        binary.Clear();
        toBinary(source, new(binary));
        return binary.Written;
    }
}

/// <summary>Writes what a record in Avro says in the binary form.</summary>
delegate void ToBinaryForm(ReadOnlySpan<byte> avro, ByteWriter binary);
