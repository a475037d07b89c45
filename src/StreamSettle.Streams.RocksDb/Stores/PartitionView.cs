namespace StreamSettle.Streams.RocksDb.Stores;

/// <summary>Reads one partition's entries of a store. The scratch comes from the caller, so that it serves one thread or many.</summary>
internal sealed class PartitionView(Database database, ColumnFamily family, int partition)
{
    readonly byte[] prefix = StorePrefix.Of(partition);
    readonly byte[] end = StorePrefix.Of(partition + 1);

    public bool TryGet(scoped ReadOnlySpan<byte> key, ReadScratch scratch, out ReadOnlySpan<byte> value)
    {
        var length = database.Get(family, scratch.Join(prefix, key), ref scratch.Value);
        value = length < 0 ? default : scratch.Value.AsSpan(0, length);
        return length >= 0;
    }

    /// <summary>Bounds are as <see cref="Streams.Stores.IReadOnlyKeyValueStore.Scan"/> has them; <paramref name="held"/> is exited when the scan is disposed.</summary>
    public RocksScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse, ReadScratch scratch, Database? held)
    {
        var upper = to.IsEmpty ? end : prefix;
        Span<byte> bound = stackalloc byte[to.Length <= MaxBoundOnStack ? StorePrefix.Size + to.Length : 0];
        bound = bound.IsEmpty ? new byte[StorePrefix.Size + to.Length] : bound;
        upper.CopyTo(bound);
        to.CopyTo(bound[StorePrefix.Size..]);
        return new RocksScan(database.Iterate(family, scratch.Join(prefix, from), bound), reverse, held);
    }

    const int MaxBoundOnStack = 256;
}
