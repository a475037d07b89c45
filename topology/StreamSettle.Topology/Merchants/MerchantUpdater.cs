using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Merchants;

/// <summary>Keeps the global store <c>merchants</c> as the source has it; older positions change nothing.</summary>
sealed class MerchantUpdater : IProcessor<ReadOnlySpan<byte>, MerchantChange>
{
    readonly ByteBuffer scratch = new();
    IKeyValueStore merchants = null!;

    public void Init(ProcessorContext context) => merchants = context.Store(StoreNames.Merchants);

    public void Process(scoped in Record<ReadOnlySpan<byte>, MerchantChange> record)
    {
        var change = record.Value;
        if (record.IsTombstone || change.Op == ChangeOp.None)
        {
            return;
        }

        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, change.Id.Value);
        var applied = merchants.TryGet(key, out var known) ? PositionedRow.Read(known).Position : ChangePosition.None;
        if (!change.Position.IsAfter(applied))
        {
            return;
        }

        scratch.Clear();
        var to = new ByteWriter(scratch);
        PositionedRow.WriteHead(to, change.Position.Over(applied), change.Op == ChangeOp.Delete);
        if (change.Op == ChangeOp.Upsert)
        {
            change.Row.Write(to);
        }

        merchants.Put(key, scratch.Written);
    }
}
