using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Reading;

/// <summary>Reads committed batches of the partitions of one client, in turn, so that none waits behind a full one.</summary>
internal sealed class BatchReader(Database database, ColumnFamily family, int maxRecords, int maxBytes)
{
    /// <summary>One poll over all partitions, bytes: bounds the memory of a client with many of them.</summary>
    const int MaxPollBytes = 8 << 20;

    int first;

    /// <summary>Adds what there is, within the bounds.</summary>
    public void Read(IReadOnlyList<FetchSource> sources, FetchedRecords into)
    {
        var any = false;
        foreach (var source in sources)
        {
            source.Limit = source.Log.End;
            any |= source.HasMore;
        }

        if (!any)
        {
            return;
        }

        using var batches = database.Iterate(family, default, default);
        var bytes = 0;
        for (var i = 0; i < sources.Count && bytes < MaxPollBytes; i++)
        {
            var source = sources[(first + i) % sources.Count];
            if (source.HasMore)
            {
                bytes += ReadPartition(source, batches, into);
            }
        }

        first = (first + 1) % sources.Count;
    }

    int ReadPartition(FetchSource source, DatabaseIterator batches, FetchedRecords into)
    {
        Span<byte> key = stackalloc byte[LogKey.Size];
        source.Next = Math.Max(source.Next, source.Log.Start);
        source.Log.WriteKey(key, source.Next);
        var found = batches.Seek(key) && batches.Key.SequenceEqual(key) || batches.SeekForPrev(key);
        var bytes = 0;
        var records = 0;
        for (; found && source.HasMore && records < maxRecords && bytes < maxBytes; found = batches.Next())
        {
            var order = batches.Key[..LogKey.OffsetAt].SequenceCompareTo(key[..LogKey.OffsetAt]);
            if (order > 0)
            {
                break;
            }

            if (order == 0)
            {
                bytes += ReadBatch(source, batches, into, maxBytes - bytes, maxRecords - records, out var taken);
                records += taken;
            }
        }

        if (records == 0 && source.HasMore)
        {
            SkipOrFail(source, source.Limit);
        }

        return bytes;
    }

    static int ReadBatch(FetchSource source, DatabaseIterator batches, FetchedRecords into, int maxBytes, int maxRecords, out int taken)
    {
        taken = 0;
        var start = LogKey.OffsetOf(batches.Key);
        var batch = new StoredBatch(batches.Value);
        if (start + batch.Count <= source.Next)
        {
            return 0;
        }

        if (start > source.Next)
        {
            SkipOrFail(source, start);
        }

        var skip = (int)(source.Next - start);
        var frames = skip == 0 ? batch.Frames : batch.Frames[StoredBatch.Measure(batch.Frames, skip, int.MaxValue, out _)..];
        taken = batch.Count - skip;
        var length = frames.Length;
        if (taken > maxRecords || length > maxBytes)
        {
            length = StoredBatch.Measure(frames, maxRecords, maxBytes, out taken);
        }

        into.Add(source.Log.Partition, source.Next, taken, frames[..length]);
        source.Next += taken;
        return length;
    }

    /// <summary>Offsets are dense: a hole below a member's end is lost data; a reader outside of groups may have been overtaken by the purge.</summary>
    static void SkipOrFail(FetchSource source, long to)
    {
        if (source.IsMember)
        {
            throw new CorruptStateException(
                $"records {source.Next} to {to - 1} of {source.Log.Partition} are missing in the column family '{FamilyNames.Log}'; restore the state directory from a backup");
        }

        source.Next = to;
    }
}
