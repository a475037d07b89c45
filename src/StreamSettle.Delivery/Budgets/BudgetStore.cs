using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Budgets;

/// <summary>The requests of one task's calls by time, in its store: they count against the budget of the next start too (I11).</summary>
/// <remarks>
/// <code>
///  key   = 'U' | tier(1, see Tiers) | bucket's start, monotonic us(8, BE, sign bit flipped)
///  value = requests(varint)
///  key   = 'R': requests that may be made by this partition's share, or are under way by it; absent where the budget is no group's
///  value = requests(varint)
/// </code>
/// The older a request, the wider its bucket: buckets that are too old for their tier are added to the next. A bucket counts as if all of it had happened at its
/// end. The clock is <see cref="Calls.StoreClock"/>'s.
/// </remarks>
internal sealed class BudgetStore(IKeyValueStore store)
{
    const byte Prefix = (byte)'U';
    const byte ReservedPrefix = (byte)'R';
    const int KeySize = 2 + sizeof(long);

    // Widths are at most a twelfth of the shortest window that reaches beyond the tier before. The last tier keeps for ever: a century is 1,200 buckets.
    static readonly (TimeSpan Width, TimeSpan Kept)[] Tiers =
    [
        (TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), (TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)), (TimeSpan.FromHours(1), TimeSpan.FromDays(31)),
        (TimeSpan.FromDays(1), TimeSpan.FromDays(732)), (TimeSpan.FromDays(30), TimeSpan.MaxValue),
    ];

    readonly ByteBuffer value = new(16);
    long pending;

    /// <summary>Counts requests that are over; written by <see cref="Flush"/>.</summary>
    internal void Add(int requests) => pending += requests;

    /// <summary>Writes what was counted since the last time; at the begin of a new second, older buckets move on.</summary>
    internal void Flush(MonotonicInstant now)
    {
        if (pending == 0)
        {
            return;
        }

        var isNew = Count(0, now.Microseconds, pending);
        pending = 0;
        for (byte tier = 0; isNew && tier < Tiers.Length - 1; tier++)
        {
            isNew = MoveOn(tier, now);
        }
    }

    /// <summary>Requests reserved; null where none ever was: the store was written by a process that had the budget to itself.</summary>
    internal long? ReadReserved() => store.TryGet([ReservedPrefix], out var bytes) ? (long)new ByteReader(bytes).VarUInt64() : null;

    /// <summary>Writes how many requests are reserved.</summary>
    internal void KeepReserved(long requests)
    {
        value.Clear();
        new ByteWriter(value).VarUInt64((ulong)requests);
        store.Put([ReservedPrefix], value.Written);
    }

    /// <summary>Counts requests that may be made until <paramref name="at"/>; written at once.</summary>
    internal void AddUntil(MonotonicInstant at, long requests) => Count(0, at.Microseconds, requests);

    /// <summary>What is remembered, in no order.</summary>
    internal IReadOnlyList<(MonotonicInstant At, long Count)> Read() =>
        [.. Buckets().Select(bucket => (new MonotonicInstant(bucket.StartUs) + Tiers[bucket.Tier].Width, bucket.Count))];

    /// <summary>What was kept by another clock means the same by this one, which is ahead by <paramref name="shift"/>.</summary>
    internal void Move(TimeSpan shift)
    {
        var buckets = Buckets();
        Span<byte> key = stackalloc byte[KeySize];
        foreach (var (tier, startUs, _) in buckets)
        {
            Key(tier, startUs, key);
            store.Delete(key);
        }

        foreach (var (tier, startUs, count) in buckets)
        {
            // A bucket whose ends fall into two counts in the later.
            var width = WidthUs(tier);
            Count(tier, startUs + shift.Ticks / TimeSpan.TicksPerMicrosecond + width - 1, count);
        }
    }

    /// <returns>Whether it is the bucket's first.</returns>
    bool Count(byte tier, long us, long requests)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Key(tier, StartUs(us, tier), key);
        var isNew = !store.TryGet(key, out var before);
        var count = requests + (isNew ? 0 : (long)new ByteReader(before).VarUInt64());
        value.Clear();
        new ByteWriter(value).VarUInt64((ulong)count);
        store.Put(key, value.Written);
        return isNew;
    }

    /// <summary>Adds to the next tier what is too old for this one.</summary>
    /// <returns>Whether a bucket there is new.</returns>
    bool MoveOn(byte tier, MonotonicInstant now)
    {
        var isNew = false;
        Span<byte> key = stackalloc byte[KeySize];
        foreach (var (_, startUs, count) in Buckets(tier, (now - Tiers[tier].Kept).Microseconds))
        {
            isNew |= Count((byte)(tier + 1), startUs, count);
            Key(tier, startUs, key);
            store.Delete(key);
        }

        return isNew;
    }

    List<(byte Tier, long StartUs, long Count)> Buckets() =>
        [.. Enumerable.Range(0, Tiers.Length).SelectMany(tier => Buckets((byte)tier, long.MaxValue))];

    List<(byte Tier, long StartUs, long Count)> Buckets(byte tier, long beforeUs)
    {
        var buckets = new List<(byte, long, long)>();
        Span<byte> from = [Prefix, tier];
        Span<byte> to = stackalloc byte[KeySize];
        Key(tier, beforeUs, to);
        using var scan = store.Scan(from, to);
        while (scan.MoveNext())
        {
            buckets.Add((tier, StartOf(scan.Key), (long)new ByteReader(scan.Value).VarUInt64()));
        }

        return buckets;
    }

    static long WidthUs(byte tier) => Tiers[tier].Width.Ticks / TimeSpan.TicksPerMicrosecond;

    static long StartUs(long us, byte tier)
    {
        var rest = us % WidthUs(tier);
        return us - rest - (rest < 0 ? WidthUs(tier) : 0);
    }

    static void Key(byte tier, long startUs, Span<byte> destination)
    {
        (destination[0], destination[1]) = (Prefix, tier);
        BinaryPrimitives.WriteInt64BigEndian(destination[2..], startUs ^ long.MinValue);
    }

    static long StartOf(ReadOnlySpan<byte> key) =>
        key.Length == KeySize
            ? BinaryPrimitives.ReadInt64BigEndian(key[2..]) ^ long.MinValue
            : throw new CorruptStateException($"a budget key has {KeySize} bytes, but there are {key.Length}");
}
