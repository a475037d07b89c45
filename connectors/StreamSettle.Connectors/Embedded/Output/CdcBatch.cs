using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Connectors.Embedded.Output;

/// <summary>Records that go to the log in one commit. Reused: the buffers stay.</summary>
internal sealed class CdcBatch(IReadOnlyList<CapturedTable> tables, int partitions)
{
    readonly (TopicPartition Partition, RecordBatch Batch)[] batches =
    [
        .. tables.SelectMany(table => Enumerable.Range(0, partitions).Select(partition => (new TopicPartition(table.Topic, partition), new RecordBatch()))),
    ];

    readonly LogCommit commit = new();

    /// <summary>Bytes of keys and values collected.</summary>
    public int Bytes { get; private set; }

    public int Records { get; private set; }

    /// <summary>Adds a record to the partition of its key.</summary>
    public void Add(CapturedTable table, scoped in RawRecord record) => Add(table, Murmur2.Partition(record.Key, partitions), record);

    /// <summary>Adds a record without a key to every partition of the table: whoever reads one learns of it.</summary>
    public void AddToAll(CapturedTable table, long timestampMs, ReadOnlySpan<byte> value)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            Add(table, partition, new() { TimestampMs = timestampMs, KeyIsNull = true, Value = value });
        }
    }

    void Add(CapturedTable table, int partition, scoped in RawRecord record)
    {
        batches[table.Index * partitions + partition].Batch.Add(record);
        Bytes += record.Key.Length + record.Value.Length + record.Headers.Length;
        Records++;
    }

    /// <summary>Commits the records together with the offset that they reach.</summary>
    public void Commit(ILogClient log, CdcOffset offset)
    {
        commit.Clear();
        AddTo(commit);
        commit.Metadata.Add((CdcOffset.MetadataName, offset.ToBytes()));
        log.Commit(commit);
    }

    /// <summary>Makes the records part of a commit.</summary>
    public void AddTo(LogCommit of) => of.Outputs.AddRange(batches.Where(batch => batch.Batch.Count > 0));

    public void Clear()
    {
        foreach (var (_, batch) in batches)
        {
            batch.Clear();
        }

        (Bytes, Records) = (0, 0);
    }
}
