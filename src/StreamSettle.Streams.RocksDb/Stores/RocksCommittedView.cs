using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.RocksDb.Stores;

/// <summary>A store's partition as of the last commit, for any thread, also while the database closes: then it throws <see cref="ObjectDisposedException"/>.</summary>
public sealed class RocksCommittedView(Database database, ColumnFamily family, int partition) : IReadOnlyKeyValueStore, IDisposable
{
    readonly PartitionView view = new(database, family, partition);
    readonly ThreadLocal<ReadScratch> scratch = new(() => new ReadScratch());

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        Enter();
        try
        {
            return view.TryGet(key, scratch.Value!, out value);
        }
        finally
        {
            database.Exit();
        }
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        Enter();
        try
        {
            return view.Scan(from, to, reverse, scratch.Value!, database);
        }
        catch
        {
            database.Exit();
            throw;
        }
    }

    public void Dispose() => scratch.Dispose();

    void Enter() => ObjectDisposedException.ThrowIf(!database.TryEnter(), database);
}
