using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.RocksDb.Stores;

/// <summary>A scan over one partition's entries; keys come without the partition's prefix.</summary>
internal sealed class RocksScan(DatabaseIterator entries, bool reverse, Database? held) : StoreScan
{
    bool started;
    bool ended;
    bool disposed;

    public override ReadOnlySpan<byte> Key => entries.Key[StorePrefix.Size..];

    public override ReadOnlySpan<byte> Value => entries.Value;

    public override bool MoveNext()
    {
        if (ended)
        {
            return false;
        }

        var found = started ? Step() : Start();
        started = true;
        ended = !found;
        return found;
    }

    public override void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        entries.Dispose();
        held?.Exit();
    }

    bool Start() => reverse ? entries.SeekToLast() : entries.SeekToFirst();

    bool Step() => reverse ? entries.Previous() : entries.Next();
}
