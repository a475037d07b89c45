using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Promoters;

/// <summary>Keeps the global store <c>promoters</c> as the source has it; older positions change nothing. The row is the parent as nullable varint.</summary>
/// <param name="partitions">Of the topic.</param>
sealed class PromoterUpdater(int partitions) : IProcessor<ReadOnlySpan<byte>, PromoterChange>
{
    readonly ByteBuffer scratch = new();
    ProcessorContext context = null!;
    PositionedTable promoters = null!;

    public void Init(ProcessorContext context) => (this.context, promoters) = (context, new(context.Store(StoreNames.Promoters), partitions));

    public void Process(scoped in Record<ReadOnlySpan<byte>, PromoterChange> record)
    {
        var change = record.Value;
        var partition = context.Metadata.Partition;
        if (record.IsTombstone || change.Op == ChangeOp.None)
        {
            return;
        }

        if (change.Op == ChangeOp.Sweep)
        {
            promoters.Sweep(partition, change.Position);
        }
        else if (promoters.IsNews(change.Id.Value, partition, change.Position, out var kept))
        {
            scratch.Clear();
            var to = new ByteWriter(scratch);
            PositionedRow.WriteHead(to, kept, change.Op == ChangeOp.Delete);
            to.NullableVarInt64(change.Parent?.Value);
            promoters.Put(change.Id.Value, scratch.Written);
        }
    }
}
