using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Orders;

/// <summary>A store whose keys are <see cref="DueKey"/>s and whose values are empty.</summary>
static class DueIndex
{
    static ReadOnlySpan<byte> NoValue => [];

    public static void Put(IKeyValueStore index, DueKey key)
    {
        Span<byte> bytes = stackalloc byte[DueKey.Size];
        key.Write(bytes);
        index.Put(bytes, NoValue);
    }

    public static void Delete(IKeyValueStore index, DueKey key)
    {
        Span<byte> bytes = stackalloc byte[DueKey.Size];
        key.Write(bytes);
        index.Delete(bytes);
    }

    /// <summary>All entries with a time from <paramref name="from"/> to <paramref name="through"/>, both inclusive, in order.</summary>
    public static StoreScan Scan(IReadOnlyKeyValueStore index, UtcInstant from, UtcInstant through)
    {
        Span<byte> first = stackalloc byte[DueKey.Size];
        Span<byte> end = stackalloc byte[DueKey.Size];
        new DueKey(from, new(long.MinValue)).Write(first);
        new DueKey(new(through.Microseconds + 1), new(long.MinValue)).Write(end);
        return index.Scan(first, end);
    }
}
