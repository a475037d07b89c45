using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Delivery.Processing;

/// <summary>A merchant's id as record key, 8 bytes big-endian.</summary>
public sealed class MerchantIdSerde : ISerde<MerchantId>
{
    public MerchantId Read(ReadOnlySpan<byte> source) => new(new ByteReader(source).Int64());

    public void Write(MerchantId value, ByteWriter destination) => destination.Int64(value.Value);
}
