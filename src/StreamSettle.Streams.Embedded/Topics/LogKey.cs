using System.Buffers.Binary;

namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>The key of a stored batch: sorts by topic, partition, offset.</summary>
/// <remarks><code>
///  0          4            8                16
///  +----------+------------+----------------+
///  | topic BE | partition BE | baseOffset BE |   -> count(varint) | framed records
///  +----------+------------+----------------+
/// </code></remarks>
internal static class LogKey
{
    public const int Size = 16;
    public const int OffsetAt = 8;

    public static void Write(Span<byte> destination, int topic, int partition, long offset)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, topic);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], partition);
        BinaryPrimitives.WriteInt64BigEndian(destination[OffsetAt..], offset);
    }

    public static long OffsetOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key[OffsetAt..]);
}
