using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>
/// A task's store: the copy of this instance, brought up to the end of the changelog before the task runs. The end is the high watermark at the opening, so a
/// transaction that a dead owner left open is waited for.
/// </summary>
internal sealed class ChangelogStore : IStoreBase, IRecordTarget
{
    readonly LocalCopy copy;
    readonly StoreSpec store;
    readonly TaskId task;
    readonly TopicPartition changelog;
    readonly IStoreBase content;
    readonly Func<RecordReader> reader;
    readonly Func<TopicPartition, long> endOf;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly ColumnFamily family;
    readonly byte[] prefix;
    readonly WriteBatch batch = new();
    RestoreState state = RestoreState.NotBegun;
    long next;
    long end;
    long restored;
    long began;

    public ChangelogStore(KafkaParts parts, StoreSpec store, TaskId task, Func<RecordReader> reader, Func<TopicPartition, long> endOf)
    {
        this.store = store;
        this.task = task;
        this.reader = reader;
        this.endOf = endOf;
        copy = parts.Copy;
        time = parts.Time;
        logger = parts.Logger;
        changelog = new(store.ChangelogOf(parts.Options.ApplicationId), task.Partition);
        family = copy.OfStore(store);
        prefix = StorePrefix.Of(store.PartitionOf(task));
        content = copy.Read(store, task);
    }

    public bool RestoreMore()
    {
        switch (state)
        {
            case RestoreState.Done:
                return false;
            case RestoreState.NotBegun:
                Begin();
                return state != RestoreState.Done;
            default:
                WriteRestored();
                if (next >= end)
                {
                    End();
                }

                return state != RestoreState.Done;
        }
    }

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => content.TryGet(key, out value);

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => content.Scan(from, to, reverse);

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records)
    {
        var rest = records.Bytes;
        while (RecordBatch.TryReadNext(ref rest, out var record))
        {
            if (record.ValueIsNull)
            {
                batch.Delete(family, prefix, record.Key);
            }
            else
            {
                batch.Put(family, prefix, record.Key, default, record.Value);
            }
        }

        restored += records.Count;
        next = baseOffset + records.Count;
    }

    public void Pass(TopicPartition partition, long next) => this.next = Math.Max(this.next, next);

    public void Dispose()
    {
        if (state == RestoreState.Reading)
        {
            reader().Remove([changelog]);
        }

        if (state == RestoreState.Done)
        {
            Touch();
        }

        content.Dispose();
    }

    void Begin()
    {
        end = endOf(changelog);
        next = copy.PositionOf(changelog);
        if (next == 0 || next > end || copy.IsTooOld(changelog))
        {
            copy.Clear(store, task, changelog);
            next = 0;
        }

        if (next >= end)
        {
            state = RestoreState.Done;
            return;
        }

        began = time.GetTimestamp();
        state = RestoreState.Reading;
        reader().Add(changelog, next == 0 ? -1 : next, this);
    }

    void Touch()
    {
        try
        {
            copy.Touch(changelog);
        }
        catch (TransactionAbortedException)
        {
            // A disk that takes nothing: the copy looks older than it is, and is made anew the sooner.
        }
    }

    void WriteRestored()
    {
        if (batch.Count > 0)
        {
            copy.AddPosition(batch, changelog, next);
            copy.Write(batch, [(changelog, next)]);
            batch.Clear();
        }
    }

    void End()
    {
        reader().Remove([changelog]);
        state = RestoreState.Done;
        copy.AddPosition(batch, changelog, next);
        copy.Write(batch, [(changelog, next)]);
        batch.Clear();
        logger.Restored(task, store.Name, restored, (long)time.GetElapsedTime(began).TotalMilliseconds);
    }

    enum RestoreState
    {
        NotBegun,
        Reading,
        Done,
    }
}
