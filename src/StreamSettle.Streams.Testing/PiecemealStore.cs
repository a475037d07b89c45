using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Testing;

/// <summary>A store that is whole only after some pieces; who reads it before is told so.</summary>
sealed class PiecemealStore(IStoreBase whole, int pieces) : IStoreBase
{
    int left = pieces;
    bool isWhole;

    public bool RestoreMore()
    {
        isWhole = left-- <= 0;
        return !isWhole;
    }

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        Check();
        return whole.TryGet(key, out value);
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        Check();
        return whole.Scan(from, to, reverse);
    }

    public void Dispose() => whole.Dispose();

    void Check()
    {
        if (!isWhole)
        {
            throw new InvalidOperationException("a store is read before it is restored");
        }
    }
}
