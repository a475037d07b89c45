using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Embedded.Output;

/// <summary>Reads back which keys the source topics hold alive. Not thread-safe; nobody else uses the client.</summary>
internal sealed class SourceTopics(IStreamLog log, ILogClient client, IReadOnlyList<CapturedTable> tables, int partitions)
{
    /// <summary>What is asked for is committed, so a poll that brings nothing in this time is only tried again.</summary>
    static readonly TimeSpan PollWait = TimeSpan.FromSeconds(1);

    readonly FetchedRecords fetched = new();

    /// <summary>The end offset of each source partition as it is now.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Ends() =>
        tables.SelectMany(table => Enumerable.Range(0, partitions).Select(partition => new TopicPartition(table.Topic, partition)))
            .ToDictionary(partition => partition, log.EndOffset);

    /// <summary>
    /// The keys of a partition whose last record below <paramref name="bound"/> is no tombstone, and that have no record from there on. Every delete of ours
    /// is followed by its tombstone in the same commit. A partition's keys are held in memory: 16 partitions of ten million orders take some 20 MB at a time.
    /// </summary>
    /// <exception cref="UserMistakeException">A key there has another column.</exception>
    public HashSet<long> Alive(CapturedTable table, int partition, long bound, CancellationToken stop)
    {
        var source = new TopicPartition(table.Topic, partition);
        var (alive, keys, end, next) = (new HashSet<long>(), new KeyReader(table.KeyColumn), log.EndOffset(source), 0L);
        client.Assign([(source, next)]);
        while (next < end)
        {
            stop.ThrowIfCancellationRequested();
            client.Poll(fetched, PollWait);
            foreach (var batch in fetched.Batches)
            {
                next = batch.BaseOffset;
                var rest = fetched.BytesOf(batch);
                for (; RecordBatch.TryReadNext(ref rest, out var record); next++)
                {
                    Take(record, next < bound, alive, keys, table);
                }
            }
        }

        client.Assign([]);
        return alive;
    }

    static void Take(in RawRecord record, bool counts, HashSet<long> alive, KeyReader keys, CapturedTable table)
    {
        if (record.KeyIsNull)
        {
            return;
        }

        var key = Key(record.Key, keys, table);
        if (counts && !record.ValueIsNull)
        {
            alive.Add(key);
        }
        else
        {
            alive.Remove(key);
        }
    }

    static long Key(ReadOnlySpan<byte> key, KeyReader keys, CapturedTable table)
    {
        try
        {
            return keys.Read(key);
        }
        catch (SerdeException e)
        {
            throw new UserMistakeException(
                $"the log's topic {table.Topic} is not keyed by {table.KeyColumn}: {e.Message}. Give the key column the name in Source that it had when the topic was written.", e);
        }
    }
}
