using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Merchants;

/// <summary>Keeps the global store <c>merchants</c>.</summary>
/// <inheritdoc/>
sealed class MerchantUpdater(int partitions) : TableUpdater<MerchantChange>(StoreNames.Merchants, partitions)
{
    protected override ChangedRow RowOf(scoped in MerchantChange change) => new(change.Op, change.Id.Value, change.Position);

    protected override void WriteRow(scoped in MerchantChange change, ByteWriter to) => change.Row.Write(to);
}
