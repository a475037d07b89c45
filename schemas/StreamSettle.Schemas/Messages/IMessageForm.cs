using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Messages;

/// <summary>One kind of record in Avro, with its schema's id before it.</summary>
/// <typeparam name="T">What the record says.</typeparam>
public interface IMessageForm<T>
{
    T Read(ReadOnlySpan<byte> record);

    void Write(T value, ByteWriter to);
}
