using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Merchants;

/// <summary>Keeps the global store <c>merchants</c> as the source has it; older positions change nothing.</summary>
/// <param name="partitions">Of the topic.</param>
sealed class MerchantUpdater(int partitions) : IProcessor<ReadOnlySpan<byte>, MerchantChange>
{
    readonly ByteBuffer scratch = new();
    ProcessorContext context = null!;
    PositionedTable merchants = null!;

    public void Init(ProcessorContext context) => (this.context, merchants) = (context, new(context.Store(StoreNames.Merchants), partitions));

    public void Process(scoped in Record<ReadOnlySpan<byte>, MerchantChange> record)
    {
        var change = record.Value;
        var partition = context.Metadata.Partition;
        if (record.IsTombstone || change.Op == ChangeOp.None)
        {
            return;
        }

        if (change.Op == ChangeOp.Sweep)
        {
            merchants.Sweep(partition, change.Position);
        }
        else if (merchants.IsNews(change.Id.Value, partition, change.Position, out var kept))
        {
            scratch.Clear();
            var to = new ByteWriter(scratch);
            PositionedRow.WriteHead(to, kept, change.Op == ChangeOp.Delete);
            if (change.Op == ChangeOp.Upsert)
            {
                change.Row.Write(to);
            }

            merchants.Put(change.Id.Value, scratch.Written);
        }
    }
}
