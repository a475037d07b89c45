using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Windows;

/// <summary>How a window store's entries are kept in a key-value store: segments of time first, so that old ones leave as a range.</summary>
/// <remarks>
/// <code>
///  0      1                9            9+n              17+n
///  +------+----------------+------------+----------------+
///  | 0x01 | segment  BE    | key (n)    | startMs  BE    |   numbers signed, sign bit flipped
///  +------+----------------+------------+----------------+
///  | 0x00 |                                                 the highest start ever put, value: 8 bytes BE
///  +------+
/// </code>
/// </remarks>
static class WindowKey
{
    const byte EntryKind = 1;
    const int HeadSize = 1 + sizeof(long);

    public static ReadOnlySpan<byte> HighestStart => [0];

    public static void WriteSegment(ByteBuffer to, long segment)
    {
        to.Clear();
        var writer = new ByteWriter(to);
        writer.Byte(EntryKind);
        writer.Int64(segment ^ long.MinValue);
    }

    public static void Write(ByteBuffer to, long segment, scoped ReadOnlySpan<byte> key, long startMs)
    {
        WriteSegment(to, segment);
        var writer = new ByteWriter(to);
        writer.Raw(key);
        writer.Int64(startMs ^ long.MinValue);
    }

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> stored) => stored[HeadSize..^sizeof(long)];

    /// <exception cref="CorruptStateException">The store holds something that no window store wrote.</exception>
    public static long StartOf(ReadOnlySpan<byte> stored) =>
        stored.Length >= HeadSize + sizeof(long) && stored[0] == EntryKind
            ? BinaryPrimitives.ReadInt64BigEndian(stored[^sizeof(long)..]) ^ long.MinValue
            : throw new CorruptStateException($"a window store holds the key {Convert.ToHexString(stored)}, which is none of its own");
}
