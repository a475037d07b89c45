using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Windows;

/// <summary>A scan over windows. Spans are valid until the next move.</summary>
public abstract class WindowScan : IDisposable
{
    private protected StoreScan entries = EmptyScan.Instance;

    public ReadOnlySpan<byte> Key => WindowKey.KeyOf(entries.Key);

    public long WindowStartMs => WindowKey.StartOf(entries.Key);

    public ReadOnlySpan<byte> Value => entries.Value;

    public abstract bool MoveNext();

    public void Dispose()
    {
        entries.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>All keys; whole segments are scanned and what is outside of the time is left out.</summary>
sealed class AllWindowScan : WindowScan
{
    readonly long firstMs;
    readonly long lastMs;

    public AllWindowScan(StoreScan entries, long firstMs, long lastMs)
    {
        this.entries = entries;
        this.firstMs = firstMs;
        this.lastMs = lastMs;
    }

    public override bool MoveNext()
    {
        while (entries.MoveNext())
        {
            var start = WindowStartMs;
            if (start >= firstMs && start <= lastMs)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One key, segment after segment; each is scanned when the scan comes to it.</summary>
sealed class KeyWindowScan : WindowScan
{
    readonly WindowStore store;
    readonly ByteBuffer key = new();
    readonly long firstMs;
    readonly long lastMs;
    long nextSegment;

    public KeyWindowScan(WindowStore store, scoped ReadOnlySpan<byte> key, long firstMs, long lastMs)
    {
        this.store = store;
        this.key.Write(key);
        this.firstMs = firstMs;
        this.lastMs = lastMs;
        nextSegment = store.SegmentOf(firstMs);
    }

    public override bool MoveNext()
    {
        while (true)
        {
            while (entries.MoveNext())
            {
                if (Key.SequenceEqual(key.Written))
                {
                    return true;
                }
            }

            if (firstMs > lastMs || nextSegment > store.SegmentOf(lastMs))
            {
                return false;
            }

            entries.Dispose();
            entries = store.ScanSegment(nextSegment++, key.Written, firstMs, lastMs);
        }
    }
}
