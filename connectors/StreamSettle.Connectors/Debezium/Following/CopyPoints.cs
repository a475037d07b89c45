using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// The points of the source at which Debezium has copied the tables: each row of a copy has its copy's as position. Merchants and promoters tell them, whose topics are compacted and small,
/// so that a copy that nobody saw is found later too. Not thread-safe.
/// </summary>
internal sealed class CopyPoints(IStreamLog log, string group, string member, IReadOnlyList<CopiedTopic> topics)
{
    static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);

    readonly FetchedRecords fetched = new();
    readonly Dictionary<TopicPartition, long> next = [];

    /// <summary>Of the first copy whose rows are there still; 0 before a row of any was seen.</summary>
    public long First { get; private set; }

    /// <summary>Of the last one; 0 before a row of any was seen.</summary>
    public long Last { get; private set; }

    /// <summary>Reads what has come since the last call.</summary>
    /// <exception cref="TransactionAbortedException">The log does not answer now.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">A schema that a record needs cannot be asked for now.</exception>
    public void ReadOn(CancellationToken stop)
    {
        var ends = topics
            .SelectMany(topic => Enumerable.Range(0, log.Partitions(topic.Name)).Select(partition => new TopicPartition(topic.Name, partition)))
            .ToDictionary(partition => partition, log.EndOffset);
        var behind = ends.Keys.Where(partition => ends[partition] > 0 && Next(partition) < ends[partition]).ToList();
        if (behind.Count == 0)
        {
            return;
        }

        using var client = log.OpenClient(group, member);
        client.Assign([.. behind.Select(partition => (partition, Next(partition)))]);
        while (behind.Exists(partition => Next(partition) < ends[partition]))
        {
            stop.ThrowIfCancellationRequested();
            client.Poll(fetched, PollWait);
            Take();
        }
    }

    long Next(TopicPartition partition)
    {
        if (!next.TryGetValue(partition, out var offset))
        {
            next[partition] = offset = log.CommittedPosition(group, partition);
        }

        return offset;
    }

    void Take()
    {
        foreach (var batch in fetched.Batches)
        {
            var topic = topics.Single(topic => topic.Name == batch.Partition.Topic);
            var rest = fetched.BytesOf(batch);
            while (RecordBatch.TryReadNext(ref rest, out var record))
            {
                if (!record.ValueIsNull)
                {
                    Take(topic, record);
                }
            }

            next[batch.Partition] = batch.BaseOffset + batch.Count;
        }

        foreach (var (partition, offset) in fetched.Progress)
        {
            next[partition] = Math.Max(Next(partition), offset);
        }
    }

    void Take(CopiedTopic topic, scoped in RawRecord record)
    {
        ChangePosition position;
        try
        {
            position = topic.PositionOf(record.Value, new(record.Headers));
        }
        catch (SerdeException)
        {
            // It waits for a person as a dead letter; the copy has other rows.
            return;
        }

        if (position.Kind == PositionKind.Snapshot)
        {
            First = First == 0 ? position.Lsn : Math.Min(First, position.Lsn);
            Last = Math.Max(Last, position.Lsn);
        }
    }
}
