using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Groups;

/// <summary>All groups, with their committed positions in memory and on disk.</summary>
/// <remarks><code>
///  positions: topic(4, BE) | partition(4, BE) | group(UTF-8) -> next offset(8, BE)
/// </code></remarks>
internal sealed class ConsumerGroups
{
    const int GroupAt = 2 * sizeof(int);

    readonly ConcurrentDictionary<string, ConsumerGroup> groups = new(StringComparer.Ordinal);
    readonly ColumnFamily family;

    public ConsumerGroups(Database database, ColumnFamily family, TopicCatalogue topics)
    {
        this.family = family;
        var byId = topics.Partitions.ToDictionary(partition => (partition.TopicId, partition.Partition.Partition));
        using var entries = database.Iterate(family, default, default);
        for (var more = entries.SeekToFirst(); more; more = entries.Next())
        {
            var key = new ByteReader(entries.Key);
            var partition = byId[(BinaryPrimitives.ReadInt32BigEndian(key.Take(sizeof(int))), BinaryPrimitives.ReadInt32BigEndian(key.Take(sizeof(int))))];
            Get(Encoding.UTF8.GetString(key.Rest)).SetPosition(partition, new ByteReader(entries.Value).Int64());
        }
    }

    public ConsumerGroup Get(string name) => groups.GetOrAdd(name, static name => new ConsumerGroup(name));

    public void Put(WriteBatch batch, ConsumerGroup group, PartitionLog partition, long next)
    {
        Span<byte> prefix = stackalloc byte[GroupAt];
        Span<byte> value = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt32BigEndian(prefix, partition.TopicId);
        BinaryPrimitives.WriteInt32BigEndian(prefix[sizeof(int)..], partition.Partition.Partition);
        BinaryPrimitives.WriteInt64BigEndian(value, next);
        batch.Put(family, prefix, group.NameUtf8, default, value);
    }

    /// <summary>What every group that reads the partition has consumed, with <paramref name="next"/> as that of <paramref name="committing"/>.</summary>
    public long ConsumedByAll(PartitionLog partition, ConsumerGroup committing, long next)
    {
        var lowest = next;
        foreach (var (_, group) in groups)
        {
            if (group != committing && group.TryGetPosition(partition, out var position))
            {
                lowest = Math.Min(lowest, position);
            }
        }

        return lowest;
    }
}
