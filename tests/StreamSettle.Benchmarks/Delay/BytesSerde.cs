using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>Bytes as they are.</summary>
sealed class BytesSerde : ISerde<ReadOnlySpan<byte>>
{
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source) => source;

    public void Write(ReadOnlySpan<byte> value, ByteWriter destination) => destination.Raw(value);
}
