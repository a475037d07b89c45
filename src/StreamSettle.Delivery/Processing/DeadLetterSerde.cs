using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Delivery.Processing;

/// <summary>A dead letter as record value.</summary>
public sealed class DeadLetterSerde : ISerde<DeadLetter>
{
    public DeadLetter Read(ReadOnlySpan<byte> source) => DeadLetter.Read(source);

    public void Write(DeadLetter value, ByteWriter destination) => value.Write(destination);
}
