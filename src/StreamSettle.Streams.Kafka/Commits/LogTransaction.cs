using Confluent.Kafka;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>
/// One commit: outputs, changelogs and positions in one transaction of the producer, and after it the same store changes in the local copy. Handed over by the
/// stream thread, finished by another, so that the former reads meanwhile. Reused.
/// </summary>
internal sealed class LogTransaction(IRecordProducer producer, LocalCopy copy, KafkaLogOptions options, TimeProvider time)
{
    /// <summary>
    /// Longer than any call may take by the time that it is given, and than a transaction may be open by default: librdkafka was seen not to come back at all from handing positions over, when the
    /// group's coordinator went away meanwhile.
    /// </summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(25);

    readonly WriteBatch batch = new();
    readonly List<TopicPartitionOffset> positions = [];
    readonly List<(TopicPartition Partition, long Next)> copied = [];
    StoreChangeVisitor? addChange;
    StoreRangeVisitor? addRange;
    StoreSpec? store;
    TaskId storeTask;
    ColumnFamily? family;
    byte[] prefix = [];
    byte[] end = [];
    TopicPartition changelog;
    int written;
    long nowMs;
    Task? finishing;
    LogCommit? begun;
    volatile bool isGivenUp;

    /// <summary>Hands everything over and begins to commit.</summary>
    /// <param name="group">Null for who is no member.</param>
    public void Begin(LogCommit commit, IConsumerGroupMetadata? group)
    {
        if (finishing is not null)
        {
            throw new InvalidOperationException("a commit is begun already: finish it first");
        }

        batch.Clear();
        positions.Clear();
        copied.Clear();
        begun = commit;
        nowMs = UtcInstant.Now(time).Microseconds / 1000;
        positions.AddRange(commit.Positions.Select(position => new TopicPartitionOffset(position.Partition.ToKafka(), position.NextOffset)));
        group = positions.Count == 0 ? null : group;
        producer.Begin();

        // Two round trips, which the records need not wait for.
        var sending = group is null ? Task.CompletedTask : Task.Run(() => producer.SendPositions(positions, group));
        try
        {
            HandOver(commit);
        }
        catch
        {
            // Given up by the caller, who may do that when nobody is in a call any more.
            Answer(Task.WhenAny(sending), AnswerPatience);
            throw;
        }

        // Else what was handed over waits for more to come (linger.ms) until the positions are sent, and goes only then.
        finishing = CommitAsync(Task.WhenAll(sending, Task.Run(producer.Flush)), group);
    }

    /// <summary>Hands records over before their commit, so that they are on their way when it comes.</summary>
    public void WriteAhead(LogCommit part)
    {
        producer.Begin();
        HandOver(part.Outputs);
    }

    /// <summary>Waits for it and returns its positions; null when none was begun.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened, or it happened and the copy did not take it: either way the committed state is to be read anew.</exception>
    public List<(TopicPartition Partition, long NextOffset)>? Finish() => Finish(AnswerPatience);

    /// <summary>The same, waited for no longer than so.</summary>
    /// <exception cref="TransactionAbortedException">As there; whether it happened nobody knows yet.</exception>
    public List<(TopicPartition Partition, long NextOffset)>? Finish(TimeSpan patience)
    {
        if (finishing is not { } running)
        {
            return null;
        }

        finishing = null;
        Answer(running, patience);
        return begun!.Positions;
    }

    /// <summary>Gives up what is begun.</summary>
    public void Abort()
    {
        try
        {
            Finish();
        }
        catch (TransactionAbortedException)
        {
            // It is given up anyway.
        }

        producer.Abort();
    }

    /// <exception cref="TransactionAbortedException">There is none: only another producer can go on.</exception>
    void Answer(Task call, TimeSpan patience)
    {
        try
        {
            call.WaitAsync(patience, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException silent)
        {
            isGivenUp = true;
            throw new TransactionAbortedException($"the Kafka client does not come back from a commit for {patience.TotalSeconds} s", silent);
        }
    }

    async Task CommitAsync(Task sending, IConsumerGroupMetadata? group)
    {
        await sending.ConfigureAwait(false);
        if (isGivenUp)
        {
            return;
        }

        await Task.Run(() => Commit(group)).ConfigureAwait(false);
    }

    void Commit(IConsumerGroupMetadata? group)
    {
        producer.Commit(positions, group);

        // Whose answer came too late: who was given the stores meanwhile reads it from the changelog.
        if (copied.Count > 0 && !isGivenUp)
        {
            copy.Write(batch, copied, producer.MarkersComeLate ? producer.MarkersPerCommit : 0);
        }
    }

    void HandOver(LogCommit commit)
    {
        HandOver(commit.Outputs);
        foreach (var (changed, task, changes) in commit.Stores)
        {
            AddStore(changed, task, changes);
        }

        foreach (var (name, value) in commit.Metadata)
        {
            producer.Produce(new(NamedValues.TopicOf(options.ApplicationId), 0), new RawRecord { TimestampMs = nowMs, Key = NamedValues.KeyOf(name), Value = value });
        }
    }

    void HandOver(List<(TopicPartition Partition, RecordBatch Batch)> outputs)
    {
        foreach (var (partition, records) in outputs)
        {
            var rest = records.Bytes;
            while (RecordBatch.TryReadNext(ref rest, out var record))
            {
                producer.Produce(partition, record);
            }
        }
    }

    void AddStore(StoreSpec changed, TaskId task, IStoreChanges changes)
    {
        var partition = changed.PartitionOf(task);
        family = copy.OfStore(changed);
        prefix = StorePrefix.Of(partition);
        end = StorePrefix.Of(partition + 1);
        changelog = new(changed.ChangelogOf(options.ApplicationId), partition);
        written = 0;
        (store, storeTask) = (changed, task);
        changes.VisitRanges(addRange ??= AddRange);
        changes.Visit(addChange ??= AddChange);

        // Where nothing was there to delete, the transaction has no record and no marker in the changelog.
        if (written == 0)
        {
            return;
        }

        // A lower bound: what was aborted before lies between.
        var next = copy.PositionOf(changelog) + copy.MarkersBehind(changelog) + written + (producer.MarkersComeLate ? 0 : producer.MarkersPerCommit);
        copy.AddPosition(batch, changelog, next);
        copied.Add((changelog, next));
    }

    void AddChange(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool deleted)
    {
        producer.Produce(changelog, new RawRecord { TimestampMs = nowMs, Key = key, Value = value, ValueIsNull = deleted });
        written++;
        if (deleted)
        {
            batch.Delete(family!, prefix, key);
        }
        else
        {
            batch.Put(family!, prefix, key, default, value);
        }
    }

    /// <summary>A compacted topic knows no ranges: each key that was committed gets a deletion of its own.</summary>
    void AddRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        using var content = copy.Read(store!, storeTask);
        using var scan = content.Scan(from, to);
        while (scan.MoveNext())
        {
            producer.Produce(changelog, new RawRecord { TimestampMs = nowMs, Key = scan.Key, ValueIsNull = true });
            written++;
        }

        batch.DeleteRange(family!, prefix, from, to.IsEmpty ? end : prefix, to);
    }
}
