using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Serdes;

/// <summary>Bytes as they are.</summary>
sealed class BytesSerde : ISerde<ReadOnlySpan<byte>>
{
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source) => source;

    public void Write(ReadOnlySpan<byte> value, ByteWriter destination) => destination.Raw(value);
}

/// <summary>4 bytes, big-endian.</summary>
sealed class PartitionSerde : ISerde<int>
{
    public int Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt32BigEndian(source);

    public void Write(int value, ByteWriter destination)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        destination.Raw(bytes);
    }
}
