using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Promoters;

/// <summary>Keeps the global store <c>promoters</c>. The row is the parent as nullable varint.</summary>
/// <inheritdoc/>
sealed class PromoterUpdater(int partitions) : TableUpdater<PromoterChange>(StoreNames.Promoters, partitions)
{
    protected override ChangedRow RowOf(scoped in PromoterChange change) => new(change.Op, change.Id.Value, change.Position);

    protected override void WriteRow(scoped in PromoterChange change, ReadOnlySpan<byte> kept, ByteWriter to) => to.NullableVarInt64(change.Parent?.Value);
}
