using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Streams.Serdes;

/// <summary>Keys and values that know their own bytes.</summary>
public sealed class BinarySerde<T> : ISerde<T>
    where T : IBinary<T>, allows ref struct
{
    public T Read(ReadOnlySpan<byte> source) => T.Read(source);

    public void Write(T value, ByteWriter destination) => value.Write(destination);
}
