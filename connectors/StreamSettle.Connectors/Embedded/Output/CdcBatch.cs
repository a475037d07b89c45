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

    public void Add(CapturedTable table, long timestampMs, ReadOnlySpan<byte> key, bool valueIsNull, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers) =>
        Add(table, Murmur2.Partition(key, partitions), timestampMs, keyIsNull: false, key, valueIsNull, value, headers);

    /// <summary>Adds a record without a key to every partition of the table: whoever reads one learns of it.</summary>
    public void AddToAll(CapturedTable table, long timestampMs, ReadOnlySpan<byte> value)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            Add(table, partition, timestampMs, keyIsNull: true, default, valueIsNull: false, value, default);
        }
    }

    void Add(
        CapturedTable table, int partition, long timestampMs, bool keyIsNull, ReadOnlySpan<byte> key, bool valueIsNull, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers)
    {
        batches[table.Index * partitions + partition].Batch.Add(timestampMs, keyIsNull, key, valueIsNull, value, headers);
        Bytes += key.Length + value.Length + headers.Length;
        Records++;
    }

    /// <summary>Commits the records together with the offset that they reach.</summary>
    public void Commit(ILogClient log, CdcOffset offset)
    {
        commit.Clear();
        commit.Outputs.AddRange(batches.Where(batch => batch.Batch.Count > 0));
        commit.Metadata.Add((CdcOffset.MetadataName, offset.ToBytes()));
        log.Commit(commit);
    }

    public void Clear()
    {
        foreach (var (_, batch) in batches)
        {
            batch.Clear();
        }

        (Bytes, Records) = (0, 0);
    }
}
