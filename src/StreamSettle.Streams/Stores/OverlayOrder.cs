namespace StreamSettle.Streams.Stores;

/// <summary>
/// The overlay's keys in order, sorted only as far as scans ask: new keys wait unsorted with their smallest and largest, and are merged
/// in when a scan's range meets them. A scan that misses them costs two comparisons.
/// </summary>
sealed class OverlayOrder
{
    readonly OverlayTable table;
    readonly Comparison<int> byKey;
    int[] sorted = [];
    int[] spare = [];
    int sortedCount;
    int smallest = -1;
    int largest = -1;

    public OverlayOrder(OverlayTable table)
    {
        this.table = table;
        byKey = Compare;
    }

    /// <summary>Entries in key order; scans keep the array that they began with, so a merge while one is open goes to another.</summary>
    public int[] Sorted => sorted;

    public int Count => sortedCount;

    /// <summary>Takes note of a new key; its entry is the table's last.</summary>
    public void Added(int index)
    {
        smallest = smallest < 0 || Compare(index, smallest) < 0 ? index : smallest;
        largest = largest < 0 || Compare(index, largest) > 0 ? index : largest;
    }

    public void Clear()
    {
        sortedCount = 0;
        smallest = largest = -1;
    }

    /// <summary>The places in <see cref="Sorted"/> of the keys from <paramref name="from"/> to below <paramref name="to"/> (empty: no bound).</summary>
    public (int Start, int End) Range(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        if (smallest >= 0 && Meets(from, to))
        {
            MergeNew();
        }

        var start = LowerBound(from);
        return (start, to.IsEmpty ? sortedCount : Math.Max(start, LowerBound(to)));
    }

    int Compare(int left, int right) => table.Compare(left, table[right].Prefix, table.KeyOf(right));

    bool Meets(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to) =>
        table.Compare(largest, KeyHash.PrefixOf(from), from) >= 0 && (to.IsEmpty || table.Compare(smallest, KeyHash.PrefixOf(to), to) < 0);

    void MergeNew()
    {
        var added = table.Count - sortedCount;
        if (table.OpenScans > 0 || sorted.Length < table.Count)
        {
            MoveToLarger();
        }

        // The new ones are sorted at the end of the array, then merged from the back: each place is read before it is written.
        var fresh = sorted.AsSpan(sortedCount, added);
        for (var i = 0; i < added; i++)
        {
            fresh[i] = sortedCount + i;
        }

        fresh.Sort(byKey);
        if (sortedCount > 0 && Compare(sorted[sortedCount - 1], fresh[0]) > 0)
        {
            MergeBackwards(added);
        }

        sortedCount = table.Count;
        smallest = largest = -1;
    }

    void MergeBackwards(int added)
    {
        EnsureSpare(added);
        Array.Copy(sorted, sortedCount, spare, 0, added);
        var old = sortedCount - 1;
        var fresh = added - 1;
        for (var at = table.Count - 1; fresh >= 0; at--)
        {
            sorted[at] = old >= 0 && Compare(sorted[old], spare[fresh]) > 0 ? sorted[old--] : spare[fresh--];
        }
    }

    void MoveToLarger()
    {
        var larger = new int[Math.Max(64, table.Count * 2)];
        Array.Copy(sorted, larger, sortedCount);
        sorted = larger;
    }

    void EnsureSpare(int count)
    {
        if (spare.Length < count)
        {
            spare = new int[Math.Max(64, count * 2)];
        }
    }

    int LowerBound(scoped ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return 0;
        }

        var prefix = KeyHash.PrefixOf(key);
        var (low, high) = (0, sortedCount);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (table.Compare(sorted[middle], prefix, key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
