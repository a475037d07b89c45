using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Windows;

/// <summary>A window store over a task's key-value store, which it has for itself. Made in <c>Init</c>; answers pinned by <c>streams-vectors</c>.</summary>
public sealed class WindowStore : IWindowStore
{
    // As Kafka Streams: two segments a retention, but none shorter than a minute.
    const long SegmentMsMin = 60_000;

    readonly IKeyValueStore entries;
    readonly long retentionMs;
    readonly long segmentMs;
    readonly ByteBuffer stored = new();
    readonly ByteBuffer bound = new();
    long highestStartMs = long.MinValue;

    /// <param name="windowSize">Length of a window; at most the retention.</param>
    /// <param name="retention">How long a window is kept, from its start.</param>
    public WindowStore(IKeyValueStore entries, TimeSpan windowSize, TimeSpan retention)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowSize, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(retention, windowSize);
        this.entries = entries;
        WindowSize = windowSize;
        retentionMs = (long)retention.TotalMilliseconds;
        segmentMs = Math.Max(retentionMs / 2, SegmentMsMin);
        if (entries.TryGet(WindowKey.HighestStart, out var highest))
        {
            highestStartMs = BinaryPrimitives.ReadInt64BigEndian(highest);
        }
    }

    public TimeSpan WindowSize { get; }

    // Without any put nothing is visible, and the bound must not overflow.
    long LowestVisibleMs => highestStartMs < long.MinValue + retentionMs ? long.MinValue : highestStartMs - retentionMs + 1;

    public void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, long windowStartMs)
    {
        Observe(windowStartMs);
        if (windowStartMs >= LowestVisibleMs)
        {
            WindowKey.Write(stored, SegmentOf(windowStartMs), key, windowStartMs);
            entries.Put(stored.Written, value);
        }
    }

    public void Delete(scoped ReadOnlySpan<byte> key, long windowStartMs)
    {
        Observe(windowStartMs);
        WindowKey.Write(stored, SegmentOf(windowStartMs), key, windowStartMs);
        entries.Delete(stored.Written);
    }

    public bool TryGet(scoped ReadOnlySpan<byte> key, long windowStartMs, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (windowStartMs < LowestVisibleMs)
        {
            return false;
        }

        WindowKey.Write(stored, SegmentOf(windowStartMs), key, windowStartMs);
        return entries.TryGet(stored.Written, out value);
    }

    public WindowScan Fetch(scoped ReadOnlySpan<byte> key, long fromMs, long toMs)
    {
        var (first, last) = Visible(fromMs, toMs);
        return new KeyWindowScan(this, key, first, last);
    }

    public WindowScan FetchAll(long fromMs, long toMs)
    {
        var (first, last) = Visible(fromMs, toMs);
        if (first > last)
        {
            return new AllWindowScan(EmptyScan.Instance, first, last);
        }

        WindowKey.WriteSegment(stored, SegmentOf(first));
        WindowKey.WriteSegment(bound, SegmentOf(last) + 1);
        return new AllWindowScan(entries.Scan(stored.Written, bound.Written), first, last);
    }

    public WindowScan All() => FetchAll(long.MinValue, long.MaxValue);

    internal long SegmentOf(long startMs) => Math.DivRem(startMs, segmentMs) is var (segment, rest) && rest < 0 ? segment - 1 : segment;

    /// <summary>The entries from a key's first to its last start in one segment; those of longer keys may lie between.</summary>
    internal StoreScan ScanSegment(long segment, scoped ReadOnlySpan<byte> key, long firstMs, long lastMs)
    {
        WindowKey.Write(stored, segment, key, firstMs);
        WindowKey.Write(bound, segment, key, lastMs + 1);
        return entries.Scan(stored.Written, bound.Written);
    }

    // What was put lies at or below the highest start, so a bound above it says nothing.
    (long First, long Last) Visible(long fromMs, long toMs) =>
        highestStartMs == long.MinValue ? (0, -1) : (Math.Max(fromMs, LowestVisibleMs), Math.Min(toMs, highestStartMs));

    void Observe(long startMs)
    {
        if (startMs <= highestStartMs)
        {
            return;
        }

        var before = highestStartMs == long.MinValue ? long.MinValue : SegmentOf(LowestVisibleMs);
        highestStartMs = startMs;
        Span<byte> highest = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(highest, startMs);
        entries.Put(WindowKey.HighestStart, highest);
        if (before != long.MinValue && SegmentOf(LowestVisibleMs) > before)
        {
            Expire(before);
        }
    }

    void Expire(long fromSegment)
    {
        WindowKey.WriteSegment(stored, fromSegment);
        WindowKey.WriteSegment(bound, SegmentOf(LowestVisibleMs));
        entries.DeleteRange(stored.Written, bound.Written);
    }
}
