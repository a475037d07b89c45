using System.Buffers.Binary;
using System.Text;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>How far a copy follows a partition.</summary>
/// <param name="Next">The next offset that it lacks. What lies from it on may be in the copy already: a put or a deletion twice is one.</param>
/// <remarks><code>
///  key   = topic(UTF-8) | 0 | partition(4, BE)
///  value = next(8, BE) | writtenAt(8, BE, µs since the epoch)
/// </code></remarks>
internal readonly record struct CopyPosition(long Next, UtcInstant WrittenAt)
{
    public const int Size = 2 * sizeof(long);

    public static byte[] KeyOf(TopicPartition partition)
    {
        var key = new byte[Encoding.UTF8.GetByteCount(partition.Topic) + 1 + sizeof(int)];
        Encoding.UTF8.GetBytes(partition.Topic, key);
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(key.Length - sizeof(int)), partition.Partition);
        return key;
    }

    public static TopicPartition PartitionOf(ReadOnlySpan<byte> key) => key.Length > sizeof(int)
        ? new(Encoding.UTF8.GetString(key[..^(sizeof(int) + 1)]), BinaryPrimitives.ReadInt32BigEndian(key[^sizeof(int)..]))
        : throw new CorruptStateException($"a position in the copy of the stores has a key of {key.Length} bytes: delete the state directory, and it is filled from the changelogs");

    public static CopyPosition Decode(ReadOnlySpan<byte> value) => value.Length == Size
        ? new(BinaryPrimitives.ReadInt64BigEndian(value), new(BinaryPrimitives.ReadInt64BigEndian(value[sizeof(long)..])))
        : throw new CorruptStateException($"a position in the copy of the stores has {value.Length} bytes instead of {Size}: delete the state directory, and it is filled from the changelogs");

    public byte[] Encode()
    {
        var value = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(value, Next);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(sizeof(long)), WrittenAt.Microseconds);
        return value;
    }
}
