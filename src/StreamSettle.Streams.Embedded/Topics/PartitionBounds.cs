using System.Buffers.Binary;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>Finds where a partition starts and ends after a restart. The start is written with every purge; the end follows from the last batch.</summary>
/// <remarks><code>
///  meta: "start/" topic(4, BE) partition(4, BE) -> first kept offset(8, BE); absent: 0
/// </code></remarks>
internal sealed class PartitionBounds(Database database, ColumnFamily meta, ColumnFamily log)
{
    const int StartKeySize = 6 + 2 * sizeof(int);

    /// <summary>Adds the new start to the purge's own batch.</summary>
    public static void PutStart(WriteBatch batch, ColumnFamily meta, PartitionLog partition, long start)
    {
        Span<byte> key = stackalloc byte[StartKeySize];
        Span<byte> value = stackalloc byte[sizeof(long)];
        WriteStartKey(key, partition.TopicId, partition.Partition.Partition);
        BinaryPrimitives.WriteInt64BigEndian(value, start);
        batch.Put(meta, key, value);
    }

    public (long Start, long End) Read(int topic, int partition)
    {
        var start = ReadStart(topic, partition);
        Span<byte> lower = stackalloc byte[LogKey.Size];
        Span<byte> upper = stackalloc byte[LogKey.Size];
        LogKey.Write(lower, topic, partition, start);
        LogKey.Write(upper, topic, partition, long.MaxValue);
        using var batches = database.Iterate(log, lower, upper);
        return batches.SeekToLast()
            ? (start, LogKey.OffsetOf(batches.Key) + new StoredBatch(batches.Value).Count)
            : (start, start);
    }

    long ReadStart(int topic, int partition)
    {
        Span<byte> key = stackalloc byte[StartKeySize];
        WriteStartKey(key, topic, partition);
        var value = new byte[sizeof(long)];
        return database.Get(meta, key, ref value) switch
        {
            -1 => 0,
            sizeof(long) => BinaryPrimitives.ReadInt64BigEndian(value),
            var length => throw new CorruptStateException($"the start of partition {partition} of topic {topic} in {database.Directory} has {length} bytes, expected {sizeof(long)}; restore the directory from a backup"),
        };
    }

    static void WriteStartKey(Span<byte> key, int topic, int partition)
    {
        "start/"u8.CopyTo(key);
        BinaryPrimitives.WriteInt32BigEndian(key[6..], topic);
        BinaryPrimitives.WriteInt32BigEndian(key[10..], partition);
    }
}
