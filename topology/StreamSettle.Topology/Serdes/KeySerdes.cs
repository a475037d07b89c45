using System.Buffers.Binary;
using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Serdes;

/// <summary>Bytes as they are.</summary>
sealed class BytesSerde : ISerde<ReadOnlySpan<byte>>
{
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source) => source;

    public void Write(ReadOnlySpan<byte> value, ByteWriter destination) => destination.Raw(value);
}

/// <summary>8 bytes, big-endian.</summary>
sealed class OrderIdSerde : ISerde<OrderId>
{
    public OrderId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt64BigEndian(source));

    public void Write(OrderId value, ByteWriter destination) => destination.Int64(value.Value);
}

/// <summary>8 bytes, big-endian: what repartition by merchant goes by.</summary>
sealed class MerchantIdSerde : ISerde<MerchantId>
{
    public MerchantId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt64BigEndian(source));

    public void Write(MerchantId value, ByteWriter destination) => destination.Int64(value.Value);
}

/// <summary>UTF-8.</summary>
sealed class TextSerde : ISerde<string>
{
    public string Read(ReadOnlySpan<byte> source) => Encoding.UTF8.GetString(source);

    public void Write(string value, ByteWriter destination) => destination.Raw(Encoding.UTF8.GetBytes(value));
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
