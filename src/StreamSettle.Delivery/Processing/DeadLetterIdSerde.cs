using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Delivery.Processing;

/// <summary>A dead letter's id as record key, UTF-8.</summary>
public sealed class DeadLetterIdSerde : ISerde<string>
{
    public string Read(ReadOnlySpan<byte> source) => Encoding.UTF8.GetString(source);

    public void Write(string value, ByteWriter destination) => destination.Raw(Encoding.UTF8.GetBytes(value));
}
