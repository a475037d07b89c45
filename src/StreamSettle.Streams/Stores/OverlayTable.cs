using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Stores;

/// <summary>
/// The last write of each key since the last commit: a hash table with linear probing over an append-only arena. Bytes once written
/// stay where they are until <see cref="Clear"/>, so spans and open scans stay good while keys are written. Allocates nothing once grown.
/// </summary>
sealed class OverlayTable : IStoreChanges
{
    const int InitialEntries = 64;
    const int BucketsPerEntry = 2;

    byte[] arena = new byte[4096];
    int arenaLength;
    OverlayEntry[] entries = new OverlayEntry[InitialEntries];
    int[] buckets = new int[InitialEntries * BucketsPerEntry];
    readonly List<OverlayVersion> versions = [];
    readonly List<OverlayRange> ranges = [];

    public int Count { get; private set; }

    int IStoreChanges.Count => Count + ranges.Count;

    /// <summary>Arena in use: what memory the writes hold.</summary>
    public int Bytes => arenaLength;

    /// <summary>Number of the last write; a scan remembers it and sees nothing newer.</summary>
    public long Sequence { get; private set; }

    /// <summary>Scans that are open: while there are any, overwritten values are kept.</summary>
    public int OpenScans { get; set; }

    public ref readonly OverlayEntry this[int index] => ref entries[index];

    public ReadOnlySpan<byte> KeyOf(int index) => arena.AsSpan(entries[index].KeyStart, entries[index].KeyLength);

    public ReadOnlySpan<byte> Slice(int start, int length) => arena.AsSpan(start, length);

    /// <summary>The entry of the key, or -1.</summary>
    public int Find(scoped ReadOnlySpan<byte> key)
    {
        if (Count == 0)
        {
            return -1;
        }

        return buckets[BucketOf(key, KeyHash.Of(key))] - 1;
    }

    /// <summary>Writes the key; returns its entry and whether the key is new to the table.</summary>
    public int Set(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, bool deleted, out bool isNew)
    {
        var hash = KeyHash.Of(key);
        var bucket = BucketOf(key, hash);
        var index = buckets[bucket] - 1;
        isNew = index < 0;
        Sequence++;
        if (isNew)
        {
            index = Add(key, hash, bucket);
        }
        else
        {
            KeepForScans(index);
        }

        ref var entry = ref entries[index];
        entry.ValueStart = Append(value);
        entry.ValueLength = deleted ? OverlayEntry.Deleted : value.Length;
        entry.Sequence = Sequence;
        return index;
    }

    /// <summary>Hides an entry that a deleted range covers.</summary>
    public void Drop(int index)
    {
        KeepForScans(index);
        ref var entry = ref entries[index];
        entry.ValueLength = OverlayEntry.Dropped;
        entry.Sequence = ++Sequence;
    }

    /// <summary>Hides the committed keys of a range; those of the table are dropped one by one.</summary>
    public void AddRange(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to) =>
        ranges.Add(new(Append(from), from.Length, Append(to), to.Length, ++Sequence));

    /// <summary>Whether the committed entry of the key was gone at the write <paramref name="sequence"/>.</summary>
    public bool IsDropped(scoped ReadOnlySpan<byte> key, long sequence)
    {
        foreach (var range in ranges)
        {
            if (range.Sequence <= sequence && FromOf(range).SequenceCompareTo(key) <= 0 && (range.ToLength == 0 || key.SequenceCompareTo(ToOf(range)) < 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a deleted range has keys from <paramref name="from"/> to below <paramref name="to"/> (empty: no bound).</summary>
    public bool RangesMeet(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        foreach (var range in ranges)
        {
            if ((to.IsEmpty || FromOf(range).SequenceCompareTo(to) < 0) && (range.ToLength == 0 || from.SequenceCompareTo(ToOf(range)) < 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value that the entry had at the write <paramref name="sequence"/>; false when the key was not in the table then.</summary>
    public bool TryGetAt(int index, long sequence, out int valueStart, out int valueLength)
    {
        ref readonly var entry = ref entries[index];
        (valueStart, valueLength) = (entry.ValueStart, entry.ValueLength);
        if (entry.Sequence <= sequence)
        {
            return true;
        }

        for (var older = entry.Older; older >= 0; older = versions[older].Older)
        {
            if (versions[older].Sequence <= sequence)
            {
                (valueStart, valueLength) = (versions[older].ValueStart, versions[older].ValueLength);
                return true;
            }
        }

        return false;
    }

    /// <summary>Compares an entry's key with another by unsigned bytes.</summary>
    public int Compare(int index, ulong prefix, scoped ReadOnlySpan<byte> key)
    {
        var byPrefix = entries[index].Prefix.CompareTo(prefix);
        return byPrefix != 0 ? byPrefix : KeyOf(index).SequenceCompareTo(key);
    }

    public void Visit(StoreChangeVisitor visit)
    {
        for (var index = 0; index < Count; index++)
        {
            ref readonly var entry = ref entries[index];
            if (entry.ValueLength != OverlayEntry.Dropped)
            {
                var deleted = entry.ValueLength == OverlayEntry.Deleted;
                visit(KeyOf(index), deleted ? default : Slice(entry.ValueStart, entry.ValueLength), deleted);
            }
        }
    }

    public void VisitRanges(StoreRangeVisitor visit)
    {
        foreach (var range in ranges)
        {
            visit(FromOf(range), ToOf(range));
        }
    }

    public void Clear()
    {
        for (var index = 0; index < Count; index++)
        {
            buckets[entries[index].Bucket] = 0;
        }

        Count = 0;
        arenaLength = 0;
        versions.Clear();
        ranges.Clear();
    }

    ReadOnlySpan<byte> FromOf(in OverlayRange range) => Slice(range.FromStart, range.FromLength);

    ReadOnlySpan<byte> ToOf(in OverlayRange range) => Slice(range.ToStart, range.ToLength);

    /// <summary>A scan that is open sees the value that is about to be overwritten.</summary>
    void KeepForScans(int index)
    {
        if (OpenScans > 0)
        {
            ref var old = ref entries[index];
            versions.Add(new(old.ValueStart, old.ValueLength, old.Sequence, old.Older));
            old.Older = versions.Count - 1;
        }
    }

    int Add(scoped ReadOnlySpan<byte> key, uint hash, int bucket)
    {
        if (Count == entries.Length)
        {
            Grow();
            bucket = FreeBucket(hash);
        }

        var index = Count++;
        buckets[bucket] = index + 1;
        entries[index] = new()
        {
            Prefix = KeyHash.PrefixOf(key),
            Hash = hash,
            Bucket = bucket,
            KeyStart = Append(key),
            KeyLength = key.Length,
            Older = -1,
        };
        return index;
    }

    int Append(scoped ReadOnlySpan<byte> bytes)
    {
        var needed = checked(arenaLength + bytes.Length);
        if (needed > arena.Length)
        {
            // The old array lives on for the spans that point into it.
            Array.Resize(ref arena, (int)Math.Min(Math.Max(needed, arena.Length * 2L), Array.MaxLength));
        }

        var start = arenaLength;
        bytes.CopyTo(arena.AsSpan(start));
        arenaLength = needed;
        return start;
    }

    /// <summary>The bucket that holds the key, or the free one where it belongs.</summary>
    int BucketOf(scoped ReadOnlySpan<byte> key, uint hash)
    {
        var mask = buckets.Length - 1;
        var bucket = (int)hash & mask;
        while (buckets[bucket] is var stored && stored != 0)
        {
            if (entries[stored - 1].Hash == hash && KeyOf(stored - 1).SequenceEqual(key))
            {
                break;
            }

            bucket = (bucket + 1) & mask;
        }

        return bucket;
    }

    int FreeBucket(uint hash)
    {
        var mask = buckets.Length - 1;
        var bucket = (int)hash & mask;
        while (buckets[bucket] != 0)
        {
            bucket = (bucket + 1) & mask;
        }

        return bucket;
    }

    void Grow()
    {
        Array.Resize(ref entries, entries.Length * 2);
        buckets = new int[entries.Length * BucketsPerEntry];
        for (var index = 0; index < Count; index++)
        {
            entries[index].Bucket = FreeBucket(entries[index].Hash);
            buckets[entries[index].Bucket] = index + 1;
        }
    }
}
