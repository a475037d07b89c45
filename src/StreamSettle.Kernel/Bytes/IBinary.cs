namespace StreamSettle.Kernel.Bytes;

/// <summary>A type that has one form in bytes, wherever it is written: as a record's key or value, or in a store.</summary>
public interface IBinary<TSelf>
    where TSelf : IBinary<TSelf>, allows ref struct
{
    void Write(ByteWriter to);

    /// <exception cref="Failures.CorruptStateException">The bytes are no such value.</exception>
    static abstract TSelf Read(ReadOnlySpan<byte> source);
}
