using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Streams.Windows;

/// <summary>How a due-window store's entries are kept in a key-value store: sorted by due time, so that a window is one range.</summary>
/// <remarks>
/// <code>
///  0      1              9        9+n
///  +------+--------------+---------+
///  | 0x02 | dueUs  BE    | key (n) |   waits; dueUs signed, sign bit flipped
///  | 0x01 | dueUs  BE    | key (n) |   waits too, but was put when its place had been passed already
///  +------+--------------+---------+
///  | 0x00 |                            how far was taken: dueUs BE | key, without key when a window was closed
///  +------+
/// </code>
/// </remarks>
static class DueWindowKey
{
    public const int HeadSize = 1 + sizeof(long);
    public const byte Late = 1;
    public const byte Waiting = 2;

    public static ReadOnlySpan<byte> Taken => [0];

    /// <summary>The head of all keys of one kind and time: a bound of scans and ranges.</summary>
    public static void WriteHead(ByteBuffer to, byte kind, long dueUs)
    {
        to.Clear();
        var writer = new ByteWriter(to);
        writer.Byte(kind);
        writer.Int64(dueUs ^ long.MinValue);
    }

    /// <summary>The bound behind everything of one kind.</summary>
    public static ReadOnlySpan<byte> EndOf(byte kind) => kind == Late ? [Waiting] : [Waiting + 1];

    public static void Write(ByteBuffer to, byte kind, long dueUs, scoped ReadOnlySpan<byte> key)
    {
        WriteHead(to, kind, dueUs);
        new ByteWriter(to).Raw(key);
    }

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> stored) => stored[HeadSize..];

    /// <exception cref="CorruptStateException">The store holds something that no due-window store wrote.</exception>
    public static UtcInstant DueOf(ReadOnlySpan<byte> stored) =>
        stored.Length >= HeadSize && stored[0] is Late or Waiting
            ? new(BinaryPrimitives.ReadInt64BigEndian(stored[1..]) ^ long.MinValue)
            : throw new CorruptStateException($"a due-window store holds the key {Convert.ToHexString(stored)}, which is none of its own; restore the state directory from a backup");
}
