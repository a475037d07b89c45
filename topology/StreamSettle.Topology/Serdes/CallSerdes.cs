using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Serdes;

sealed class DeliveryCommandSerde : ISerde<DeliveryCommand>
{
    public DeliveryCommand Read(ReadOnlySpan<byte> source) => DeliveryCommand.Read(source);

    public void Write(DeliveryCommand value, ByteWriter destination) => value.Write(destination);
}

sealed class DeliveryResultSerde : ISerde<DeliveryResult>
{
    public DeliveryResult Read(ReadOnlySpan<byte> source) => DeliveryResult.Read(source);

    public void Write(DeliveryResult value, ByteWriter destination) => value.Write(destination);
}

sealed class DeadLetterSerde : ISerde<DeadLetter>
{
    public DeadLetter Read(ReadOnlySpan<byte> source) => DeadLetter.Read(source);

    public void Write(DeadLetter value, ByteWriter destination) => value.Write(destination);
}
