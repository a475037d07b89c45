using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Promoters;

/// <summary>Keeps the global store <c>promoters</c> as the source has it; older positions change nothing. The row is the parent as nullable varint.</summary>
sealed class PromoterUpdater : IProcessor<ReadOnlySpan<byte>, PromoterChange>
{
    readonly ByteBuffer scratch = new();
    IKeyValueStore promoters = null!;

    public void Init(ProcessorContext context) => promoters = context.Store(StoreNames.Promoters);

    public void Process(scoped in Record<ReadOnlySpan<byte>, PromoterChange> record)
    {
        var change = record.Value;
        if (record.IsTombstone || change.Op == ChangeOp.None)
        {
            return;
        }

        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, change.Id.Value);
        var applied = promoters.TryGet(key, out var known) ? PositionedRow.Read(known).Position : ChangePosition.None;
        if (!change.Position.IsAfter(applied))
        {
            return;
        }

        scratch.Clear();
        var to = new ByteWriter(scratch);
        PositionedRow.WriteHead(to, change.Position.Over(applied), change.Op == ChangeOp.Delete);
        to.NullableVarInt64(change.Parent?.Value);
        promoters.Put(key, scratch.Written);
    }
}
