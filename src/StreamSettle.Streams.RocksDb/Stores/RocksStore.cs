using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.RocksDb.Stores;

/// <summary>The committed content of one task's store, for the task's thread alone. Writes go by <see cref="WriteBatch"/> with the task's commit.</summary>
public sealed class RocksStore(Database database, ColumnFamily family, int partition) : IStoreBase
{
    readonly PartitionView view = new(database, family, partition);
    readonly ReadScratch scratch = new();

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => view.TryGet(key, scratch, out value);

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => view.Scan(from, to, reverse, scratch, held: null);

    public void Dispose()
    {
    }
}
