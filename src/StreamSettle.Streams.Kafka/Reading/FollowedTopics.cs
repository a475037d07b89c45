using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>
/// All partitions of the topics of global stores, read ahead whenever somebody asks how far they are known: what is known is what the next poll brings, so nobody
/// waits for records that a transaction elsewhere has not decided yet. One that nobody decides is told all the same: what is behind it would look like nothing. Thread-safe.
/// </summary>
/// <param name="name">Of who follows.</param>
internal sealed class FollowedTopics(RecordReader reader, TimeProvider time, UndecidedReads undecided, string name) : IRecordTarget, IDisposable
{
    /// <summary>Every round of every thread asks for every partition: one look serves them all for a while.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(1);

    readonly object gate = new();
    readonly FetchedRecords ahead = new();
    readonly Dictionary<TopicPartition, FollowedPartition> partitions = [];
    long lastLook;
    long lastDoubt;
    bool disposed;

    public IReadOnlyDictionary<TopicPartition, FollowedPartition> Partitions => partitions;

    public void Add(TopicPartition partition, long next)
    {
        lock (gate)
        {
            partitions.Add(partition, new(this, next));
            reader.Add(partition, next == 0 ? -1 : next, target: null);
        }
    }

    public void Poll(FetchedRecords into, int timeoutMs)
    {
        lock (gate)
        {
            if (ahead.Count == 0 && ahead.Progress.Count == 0)
            {
                reader.Read(this, timeoutMs);
            }

            foreach (var batch in ahead.Batches)
            {
                into.Add(batch.Partition, batch.BaseOffset, batch.Count, ahead.BytesOf(batch));
            }

            foreach (var (partition, next) in ahead.Progress)
            {
                into.AddProgress(partition, next);
            }

            ahead.Clear();
        }
    }

    /// <summary>Reads what came meanwhile; does nothing while somebody polls.</summary>
    public void Look()
    {
        if (time.GetElapsedTime(Volatile.Read(ref lastLook)) < LookInterval || !Monitor.TryEnter(gate))
        {
            return;
        }

        try
        {
            if (!disposed && !ahead.IsFull)
            {
                reader.Read(this, timeoutMs: 0);
            }

            if (!disposed)
            {
                undecided.Look(name, reader, ref lastDoubt);
            }

            Volatile.Write(ref lastLook, time.GetTimestamp());
        }
        finally
        {
            Monitor.Exit(gate);
        }
    }

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records)
    {
        ahead.Add(partition, baseOffset, records.Count, records.Bytes);
        partitions[partition].End = baseOffset + records.Count;
    }

    public void Pass(TopicPartition partition, long next)
    {
        ahead.AddProgress(partition, next);
        partitions[partition].End = next;
    }

    public void Wake() => reader.Wake();

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            undecided.Forget(name);
            reader.Dispose();
        }
    }
}

/// <summary>One partition of a followed topic.</summary>
internal sealed class FollowedPartition(FollowedTopics topics, long end) : IKnownEnd
{
    long end = end;

    /// <summary>Everything below was read ahead.</summary>
    public long End
    {
        get => Volatile.Read(ref end);
        set => Volatile.Write(ref end, value);
    }

    public long KnownEnd
    {
        get
        {
            topics.Look();
            return End;
        }
    }
}
