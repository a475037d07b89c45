using System.Buffers.Binary;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Calls;

/// <summary>A call's key in the stores of its leg.</summary>
/// <remarks>
/// <code>
///  0               8       12           16
///  +---------------+-------+------------+
///  | orderId    BE | n  BE | returns BE |   order signed with its sign bit flipped, so byte order is number order; returns only where there are some
///  +---------------+-------+------------+
/// </code>
/// The leg is the store's. Golden bytes: <c>CodecTests</c>.
/// </remarks>
internal static class StoredCallKey
{
    internal const int Size = sizeof(long) + sizeof(int);

    /// <summary>Of a call whose effect was undone before.</summary>
    internal const int MaxSize = Size + sizeof(int);

    /// <returns>How many bytes it has.</returns>
    internal static int Write(CallKey key, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, key.Order.Value ^ long.MinValue);
        BinaryPrimitives.WriteInt32BigEndian(destination[sizeof(long)..], key.N);
        if (key.Returns == 0)
        {
            return Size;
        }

        BinaryPrimitives.WriteInt32BigEndian(destination[Size..], key.Returns);
        return MaxSize;
    }

    /// <exception cref="CorruptStateException">The bytes are no key of ours.</exception>
    internal static CallKey Read(ReadOnlySpan<byte> source, Leg leg)
    {
        if (source.Length is not (Size or MaxSize))
        {
            throw new CorruptStateException($"a stored call key has {Size} or {MaxSize} bytes, but there are {source.Length}");
        }

        return new(
            new(BinaryPrimitives.ReadInt64BigEndian(source) ^ long.MinValue),
            leg,
            BinaryPrimitives.ReadInt32BigEndian(source[sizeof(long)..]),
            source.Length == MaxSize ? BinaryPrimitives.ReadInt32BigEndian(source[Size..]) : 0);
    }
}
