using System.Text;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Streams.Serdes;

/// <summary>Text, as Kafka's string serde writes it.</summary>
public sealed class Utf8Serde : ISerde<string>
{
    public string Read(ReadOnlySpan<byte> source) => Encoding.UTF8.GetString(source);

    public void Write(string value, ByteWriter destination) => destination.Raw(Encoding.UTF8.GetBytes(value));
}
