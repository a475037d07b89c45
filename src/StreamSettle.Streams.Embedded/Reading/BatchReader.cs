using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Reading;

/// <summary>Reads committed batches of the partitions of one client, in turn, so that none waits behind a full one.</summary>
internal sealed class BatchReader(Database database, ColumnFamily family, int maxRecords, int maxBytes)
{
    /// <summary>So many batches are sooner asked for by their keys than walked to.</summary>
    const int FewRecords = 8;

    byte[] value = new byte[4096];
    int first;

    /// <summary>Adds what there is, within the bounds of a partition and of the whole poll.</summary>
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

        DatabaseIterator? batches = null;
        try
        {
            var start = first;
            for (var i = 0; i < sources.Count && !into.IsFull; i++)
            {
                var source = sources[(start + i) % sources.Count];
                if (source.HasMore)
                {
                    if (!ReadFew(source, into))
                    {
                        ReadPartition(source, batches ??= database.Iterate(family, default, default), into);
                    }

                    first = start + i + 1;
                }
            }
        }
        finally
        {
            batches?.Dispose();
        }

        first %= sources.Count;
    }

    /// <summary>
    /// Reads what came singly, batch by batch by its key: an iterator costs more than ten of them. False where there is more, or where the next record is inside of a
    /// batch or missing: the walk says which.
    /// </summary>
    bool ReadFew(FetchSource source, FetchedRecords into)
    {
        if (source.Limit - source.Next > FewRecords)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[LogKey.Size];
        var (records, bytes) = (0, 0);
        while (source.HasMore && !into.IsFull)
        {
            source.Log.WriteKey(key, source.Next);
            var length = database.Get(family, key, ref value);
            if (length < 0)
            {
                return false;
            }

            var batch = new StoredBatch(value.AsSpan(0, length));
            if (records + batch.Count > maxRecords || bytes + batch.Frames.Length > maxBytes)
            {
                // One that is too large by itself is cut by the walk.
                return records > 0;
            }

            into.Add(source.Log.Partition, source.Next, batch.Count, batch.Frames);
            source.Next += batch.Count;
            records += batch.Count;
            bytes += batch.Frames.Length;
        }

        return true;
    }

    void ReadPartition(FetchSource source, DatabaseIterator batches, FetchedRecords into)
    {
        Span<byte> key = stackalloc byte[LogKey.Size];
        source.Next = Math.Max(source.Next, source.Log.Start);
        source.Log.WriteKey(key, source.Next);
        var bytes = 0;
        var records = 0;
        var whole = true;
        var found = (batches.Seek(key) && batches.Key.SequenceEqual(key)) || batches.SeekForPrev(key);
        for (; found && whole && source.HasMore && !into.IsFull; found = batches.Next())
        {
            var order = batches.Key[..LogKey.OffsetAt].SequenceCompareTo(key[..LogKey.OffsetAt]);
            if (order > 0)
            {
                break;
            }

            if (order == 0)
            {
                whole = ReadBatch(source, batches, into, ref records, ref bytes);
            }
        }

        if (records == 0 && source.HasMore)
        {
            SkipOrFail(source, source.Limit);
        }
    }

    /// <summary>False where the poll's bounds left some of the batch for the next poll.</summary>
    bool ReadBatch(FetchSource source, DatabaseIterator batches, FetchedRecords into, ref int records, ref int bytes)
    {
        var start = LogKey.OffsetOf(batches.Key);
        var batch = new StoredBatch(batches.Value);
        if (start + batch.Count <= source.Next)
        {
            return true;
        }

        if (start > source.Next)
        {
            SkipOrFail(source, start);
        }

        var skip = (int)(source.Next - start);
        var frames = skip == 0 ? batch.Frames : batch.Frames[StoredBatch.Measure(batch.Frames, skip, int.MaxValue, out _)..];
        var (count, length) = (batch.Count - skip, frames.Length);
        if (count > maxRecords - records || length > maxBytes - bytes)
        {
            length = StoredBatch.Measure(frames, maxRecords - records, maxBytes - bytes, out count);
        }

        if (length > maxBytes - bytes && records > 0)
        {
            return false;
        }

        into.Add(source.Log.Partition, source.Next, count, frames[..length]);
        source.Next += count;
        records += count;
        bytes += length;
        return skip + count == batch.Count && records < maxRecords && bytes < maxBytes;
    }

    /// <summary>Offsets are dense: a hole below the end is lost data, unless the purge has overtaken a reader outside of groups.</summary>
    static void SkipOrFail(FetchSource source, long to)
    {
        if (source.IsMember || source.Log.Retention == TopicRetention.Keep)
        {
            throw new CorruptStateException(
                $"records {source.Next} to {to - 1} of {source.Log.Partition} are missing in the column family '{FamilyNames.Log}'; restore the state directory from a backup");
        }

        source.Next = to;
    }
}
