using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Delivery.Processing;

/// <summary>A result as record value.</summary>
public sealed class DeliveryResultSerde : ISerde<DeliveryResult>
{
    public DeliveryResult Read(ReadOnlySpan<byte> source) => DeliveryResult.Read(source);

    public void Write(DeliveryResult value, ByteWriter destination) => value.Write(destination);
}
