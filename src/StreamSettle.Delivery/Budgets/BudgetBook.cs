using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Budgets;

/// <summary>The requests of one task's calls by time, in its store: they count against the budget of the next start too (I11).</summary>
/// <remarks>
/// <code>
///  key   = 'U' | tier(1: 0 seconds, 1 five minutes) | bucket's start, us(8, BE)
///  value = requests(varint)
/// </code>
/// Seconds are kept for an hour, five minutes for the longest window. A bucket counts as if all of it had happened at its end.
/// </remarks>
internal sealed class BudgetBook(IKeyValueStore store)
{
    const byte Prefix = (byte)'U';
    const int KeySize = 2 + sizeof(long);

    static readonly (TimeSpan Width, TimeSpan Kept)[] Tiers = [(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), (TimeSpan.FromMinutes(5), SlidingBudget.LongestWindow)];

    readonly ByteBuffer value = new(16);
    long pending;

    /// <summary>Counts requests that are over; written by <see cref="Flush"/>.</summary>
    internal void Add(int requests) => pending += requests;

    /// <summary>Writes what was counted since the last time, and drops what no window reaches any more.</summary>
    internal void Flush(UtcInstant now)
    {
        if (pending == 0)
        {
            return;
        }

        for (byte tier = 0; tier < Tiers.Length; tier++)
        {
            Write(tier, now);
        }

        pending = 0;
    }

    /// <summary>What is remembered, oldest first: coarse for as far back as the seconds may be dropped, no request in both.</summary>
    internal IReadOnlyList<(UtcInstant At, long Count)> Read(UtcInstant now)
    {
        var (fine, coarse) = (Tiers[0], Tiers[1]);
        var seam = new UtcInstant(StartUs((now - fine.Kept).Microseconds, coarse.Width)) + coarse.Width;
        return [.. ReadTier(1).Where(bucket => bucket.At <= seam), .. ReadTier(0).Where(bucket => bucket.At - fine.Width >= seam)];
    }

    void Write(byte tier, UtcInstant now)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Key(tier, StartUs(now.Microseconds, Tiers[tier].Width), key);
        var isNew = !store.TryGet(key, out var before);
        value.Clear();
        new ByteWriter(value).VarUInt64((ulong)pending + (isNew ? 0 : new ByteReader(before).VarUInt64()));
        store.Put(key, value.Written);
        if (isNew)
        {
            Prune(tier, (now - Tiers[tier].Kept).Microseconds);
        }
    }

    List<(UtcInstant At, long Count)> ReadTier(byte tier)
    {
        var buckets = new List<(UtcInstant, long)>();
        Span<byte> from = [Prefix, tier];
        Span<byte> to = [Prefix, (byte)(tier + 1)];
        using var scan = store.Scan(from, to);
        while (scan.MoveNext())
        {
            buckets.Add((StartOf(scan.Key) + Tiers[tier].Width, (long)new ByteReader(scan.Value).VarUInt64()));
        }

        return buckets;
    }

    void Prune(byte tier, long beforeUs)
    {
        Span<byte> from = [Prefix, tier];
        Span<byte> to = stackalloc byte[KeySize];
        Key(tier, beforeUs, to);
        using var scan = store.Scan(from, to);
        while (scan.MoveNext())
        {
            store.Delete(scan.Key);
        }
    }

    static long StartUs(long us, TimeSpan width) => us - us % (width.Ticks / TimeSpan.TicksPerMicrosecond);

    static void Key(byte tier, long startUs, Span<byte> destination)
    {
        (destination[0], destination[1]) = (Prefix, tier);
        BinaryPrimitives.WriteInt64BigEndian(destination[2..], startUs);
    }

    static UtcInstant StartOf(ReadOnlySpan<byte> key) =>
        key.Length == KeySize
            ? new(BinaryPrimitives.ReadInt64BigEndian(key[2..]))
            : throw new CorruptStateException($"a budget key has {KeySize} bytes, but there are {key.Length}");
}
