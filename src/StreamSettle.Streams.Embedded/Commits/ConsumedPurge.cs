using StreamSettle.Streams.Embedded.Groups;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Commits;

/// <summary>Adds to a commit the deletion of records that every group has consumed, now and then; under the commit lock.</summary>
/// <remarks>
/// Deletes key by key, not by range: a batch is one key, and the deletion meets its batch while both are still in memory, so that most of what is
/// consumed soon is never written to a file at all.
/// </remarks>
internal sealed class ConsumedPurge(Database database, LogFamilies families, ConsumerGroups groups)
{
    /// <summary>Consumed records that wait for the next purge of their partition.</summary>
    const long RecordsBehind = 8192;

    /// <summary>The same in bytes.</summary>
    const long BytesBehind = 8 << 20;

    readonly List<Purged> purged = [];

    public void AddTo(CommitBatch commit, ConsumerGroup group)
    {
        purged.Clear();
        foreach (var (partition, next) in commit.Positions)
        {
            if (partition.Retention == TopicRetention.PurgeConsumed && next - partition.Start > 0)
            {
                var consumed = Math.Min(groups.ConsumedByAll(partition, group, next), partition.End);
                if (IsWorthIt(partition, consumed))
                {
                    Purge(commit.Batch, partition, consumed);
                }
            }
        }
    }

    /// <summary>The commit is durable.</summary>
    public void Publish()
    {
        foreach (var (partition, start, bytes) in purged)
        {
            partition.Purged(start, bytes);
        }
    }

    static bool IsWorthIt(PartitionLog partition, long consumed)
    {
        var behind = consumed - partition.Start;
        return behind >= RecordsBehind || (behind > 0 && (double)partition.UnpurgedBytes * behind / (partition.End - partition.Start) >= BytesBehind);
    }

    void Purge(WriteBatch batch, PartitionLog partition, long consumed)
    {
        Span<byte> lower = stackalloc byte[LogKey.Size];
        Span<byte> upper = stackalloc byte[LogKey.Size];
        partition.WriteKey(lower, partition.Start);
        partition.WriteKey(upper, consumed);
        using var batches = database.Iterate(families.Log, lower, upper);
        var start = partition.Start;
        long bytes = 0;
        for (var more = batches.SeekToFirst(); more; more = batches.Next())
        {
            var end = LogKey.OffsetOf(batches.Key) + new StoredBatch(batches.Value).Count;
            if (end > consumed)
            {
                break;
            }

            batch.Delete(families.Log, batches.Key);
            bytes += batches.Value.Length;
            start = end;
        }

        if (start > partition.Start)
        {
            PartitionBounds.PutStart(batch, families.Meta, partition, start);
            purged.Add(new Purged(partition, start, bytes));
        }
    }

    readonly record struct Purged(PartitionLog Partition, long Start, long Bytes);
}
