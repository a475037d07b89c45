using System.Buffers.Binary;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Orders;

/// <summary>The key of an order in a due index: sorts by time, then by order.</summary>
/// <remarks>
/// <code>
///  0               8               16
///  +---------------+---------------+
///  | dueAtUs  BE   | orderId  BE   |   both signed, sign bit flipped, so byte order is number order
///  +---------------+---------------+
/// </code>
/// Near-ordered writes, and a due scan is one sequential range. Golden bytes: <c>DueKeyTests</c>.
/// </remarks>
/// <param name="DueAt">When the order has to be looked at.</param>
public readonly record struct DueKey(UtcInstant DueAt, OrderId Order)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 2 * sizeof(long);

    /// <summary>Writes the key to the first <see cref="Size"/> bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, DueAt.Microseconds ^ long.MinValue);
        BinaryPrimitives.WriteInt64BigEndian(destination[sizeof(long)..], Order.Value ^ long.MinValue);
    }

    /// <exception cref="CorruptStateException">The bytes are no key of ours.</exception>
    public static DueKey Read(ReadOnlySpan<byte> source) => source.Length == Size
        ? new(
            new(BinaryPrimitives.ReadInt64BigEndian(source) ^ long.MinValue),
            new(BinaryPrimitives.ReadInt64BigEndian(source[sizeof(long)..]) ^ long.MinValue))
        : throw new CorruptStateException($"a due key has {source.Length} bytes, expected {Size}");
}
