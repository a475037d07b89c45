using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Records;

namespace StreamSettle.Streams.Serdes;

/// <summary>Reads and writes keys or values as spans. One instance belongs to one task, so it may keep scratch buffers.</summary>
public interface ISerde<T> : ISerializer<T>, IDeserializer<T>
    where T : allows ref struct
{
}

/// <summary>Writes keys or values: what a sink needs.</summary>
public interface ISerializer<T>
    where T : allows ref struct
{
    void Write(T value, ByteWriter destination);
}

/// <summary>Reads keys or values: what a source needs.</summary>
public interface IDeserializer<T>
    where T : allows ref struct
{
    /// <summary>The value in <paramref name="source"/>; a ref struct may point into the source or the deserializer's scratch until the next read.</summary>
    /// <exception cref="SerdeException">The bytes are no such value: the record goes to the deserialization handler.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">
    /// What the reading needs cannot be had now: the record and those behind it in its task are held back, and it is read again from its beginning a while later.
    /// </exception>
    T Read(ReadOnlySpan<byte> source);

    /// <summary>The value of a record with headers: what a source calls. Default: the value by its bytes alone.</summary>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    T Read(ReadOnlySpan<byte> source, Headers headers) => Read(source);
}

/// <summary>The bytes of a record are not of the form that the topology reads. Expected of the outside world; never stops the stream by itself.</summary>
public sealed class SerdeException(string message, Exception? inner = null) : Exception(message, inner);
