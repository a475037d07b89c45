using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>Brings one changelog into the copy: what a task's store does before the task runs, and a standby all the time. For one thread, but for the counts.</summary>
internal sealed class ChangelogCopy : IRecordTarget
{
    readonly LocalCopy copy;
    readonly StoreSpec store;
    readonly int partition;
    readonly ColumnFamily family;
    readonly byte[] prefix;
    readonly WriteBatch batch = new();
    long next;
    long start;
    long restored;

    public ChangelogCopy(LocalCopy copy, StoreSpec store, int partition, string applicationId)
    {
        this.copy = copy;
        this.store = store;
        this.partition = partition;
        Changelog = new(store.ChangelogOf(applicationId), partition);
        family = copy.OfStore(store);
        prefix = StorePrefix.Of(partition);
    }

    public TopicPartition Changelog { get; }

    /// <summary>The next offset that the copy lacks, what is not written yet left out.</summary>
    public long Next => Volatile.Read(ref next);

    /// <summary>From where on it is read.</summary>
    public long Start => Volatile.Read(ref start);

    /// <summary>Records that were brought in.</summary>
    public long Restored => Volatile.Read(ref restored);

    /// <summary>The changelog begins below what was read of it: somebody made it anew, so the copy is of another one.</summary>
    public bool IsOfAnother { get; private set; }

    /// <summary>Finds where to go on, and forgets a copy that cannot be gone on with. Negative for the changelog's beginning.</summary>
    /// <param name="end">Of the changelog, or <see cref="long.MaxValue"/> where nobody has asked.</param>
    public long Begin(long end)
    {
        copy.ForgetMarkersBehind(Changelog);
        var position = copy.PositionOf(Changelog);
        if (position == 0 || position > end || copy.IsTooOld(Changelog))
        {
            copy.Clear(store, partition, Changelog);
            position = 0;
        }

        batch.Clear();
        IsOfAnother = false;
        Volatile.Write(ref restored, 0);
        Volatile.Write(ref start, position);
        Volatile.Write(ref next, position);
        return position == 0 ? -1 : position;
    }

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records)
    {
        if (baseOffset < next)
        {
            IsOfAnother = true;
        }

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

        Volatile.Write(ref restored, restored + records.Count);
        Volatile.Write(ref next, baseOffset + records.Count);
    }

    public void Pass(TopicPartition partition, long next) => Volatile.Write(ref this.next, Math.Max(this.next, next));

    /// <summary>Writes what was taken, with its offset.</summary>
    /// <exception cref="TransactionAbortedException">The disk failed or is full.</exception>
    public void Write()
    {
        if (batch.Count > 0)
        {
            WritePosition();
        }
    }

    /// <summary>The same, and how far was passed where nothing was taken.</summary>
    /// <exception cref="TransactionAbortedException">The disk failed or is full.</exception>
    public void WritePosition()
    {
        copy.AddPosition(batch, Changelog, next);
        copy.Write(batch, [(Changelog, next)]);
        batch.Clear();
    }

    /// <summary>Forgets what was taken and not written.</summary>
    public void Drop() => batch.Clear();

    /// <summary>Forgets what the copy has of it.</summary>
    public void Forget() => copy.Clear(store, partition, Changelog);
}
