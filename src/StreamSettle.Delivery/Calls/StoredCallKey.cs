using System.Buffers.Binary;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Calls;

/// <summary>A call's key in the stores of its leg.</summary>
/// <remarks>
/// <code>
///  0               8       12
///  +---------------+-------+
///  | orderId    BE | n  BE |   order signed with its sign bit flipped, so byte order is number order
///  +---------------+-------+
/// </code>
/// The leg is the store's. Golden bytes: <c>CodecTests</c>.
/// </remarks>
internal static class StoredCallKey
{
    internal const int Size = sizeof(long) + sizeof(int);

    internal static void Write(CallKey key, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, key.Order.Value ^ long.MinValue);
        BinaryPrimitives.WriteInt32BigEndian(destination[sizeof(long)..], key.N);
    }

    /// <exception cref="CorruptStateException">The bytes are no key of ours.</exception>
    internal static CallKey Read(ReadOnlySpan<byte> source, Leg leg)
    {
        if (source.Length != Size)
        {
            throw new CorruptStateException($"a stored call key has {Size} bytes, but there are {source.Length}");
        }

        return new(
            new(BinaryPrimitives.ReadInt64BigEndian(source) ^ long.MinValue),
            leg,
            BinaryPrimitives.ReadInt32BigEndian(source[sizeof(long)..]));
    }
}
