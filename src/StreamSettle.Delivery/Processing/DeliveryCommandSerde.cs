using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Delivery.Processing;

/// <summary>A command as record value.</summary>
public sealed class DeliveryCommandSerde : ISerde<DeliveryCommand>
{
    public DeliveryCommand Read(ReadOnlySpan<byte> source) => DeliveryCommand.Read(source);

    public void Write(DeliveryCommand value, ByteWriter destination) => value.Write(destination);
}
