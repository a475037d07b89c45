using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Merchants;

/// <summary>Keeps a global store as the source has the table; older positions change nothing.</summary>
/// <param name="partitions">Of the topic.</param>
abstract class TableUpdater<TChange>(string store, int partitions) : IProcessor<ReadOnlySpan<byte>, TChange>
    where TChange : allows ref struct
{
    readonly ByteBuffer scratch = new();
    ProcessorContext context = null!;
    PositionedTable table = null!;

    public void Init(ProcessorContext context) => (this.context, table) = (context, new(context.Store(store), partitions));

    public void Process(scoped in Record<ReadOnlySpan<byte>, TChange> record)
    {
        if (record.IsTombstone)
        {
            return;
        }

        var (op, key, position) = RowOf(record.Value);
        var partition = context.Metadata.Partition;
        if (op == ChangeOp.Sweep)
        {
            table.Sweep(partition, position);
        }
        else if (op != ChangeOp.None && table.IsNews(key, partition, position, out var kept))
        {
            scratch.Clear();
            var to = new ByteWriter(scratch);
            PositionedRow.WriteHead(to, kept, op == ChangeOp.Delete);
            if (op == ChangeOp.Upsert)
            {
                WriteRow(record.Value, table.RowOf(key), to);
            }

            table.Put(key, scratch.Written);
        }
    }

    protected abstract ChangedRow RowOf(scoped in TChange change);

    /// <summary>Writes the row after the change.</summary>
    /// <param name="kept">The row before it, as it was written; empty where there is none.</param>
    protected abstract void WriteRow(scoped in TChange change, ReadOnlySpan<byte> kept, ByteWriter to);
}
