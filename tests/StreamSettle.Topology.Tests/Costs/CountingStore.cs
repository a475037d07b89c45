using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>A store of short keys that counts what is done to it, and allocates nothing for a key that is there and a value that is no longer.</summary>
sealed class CountingStore : IKeyValueStore
{
    readonly Dictionary<ShortKey, (byte[] Bytes, int Length)> entries = [];
    readonly SortedSet<ShortKey> order = [];

    public long Touches { get; private set; }

    public int Count => entries.Count;

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        Touches++;
        var found = entries.TryGetValue(ShortKey.Of(key), out var entry);
        value = found ? entry.Bytes.AsSpan(0, entry.Length) : default;
        return found;
    }

    public void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        Touches++;
        var number = ShortKey.Of(key);
        if (!entries.TryGetValue(number, out var entry) || entry.Bytes.Length < value.Length)
        {
            entry.Bytes = new byte[Math.Max(16, value.Length)];
            order.Add(number);
        }

        value.CopyTo(entry.Bytes);
        entries[number] = (entry.Bytes, value.Length);
    }

    public void Delete(scoped ReadOnlySpan<byte> key)
    {
        Touches++;
        entries.Remove(ShortKey.Of(key));
        order.Remove(ShortKey.Of(key));
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        Touches++;
        return new CountingScan(this, Between(from, to));
    }

    /// <param name="to">Empty for no end.</param>
    List<ShortKey> Between(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        var (first, end) = (ShortKey.Of(from), ShortKey.Of(to));
        return to.IsEmpty ? [.. order.Where(key => key.CompareTo(first) >= 0)] : [.. order.GetViewBetween(first, end).Where(key => key != end)];
    }

    public void DeleteRange(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        Touches++;
        foreach (var key in Between(from, to))
        {
            entries.Remove(key);
            order.Remove(key);
        }
    }

    sealed class CountingScan(CountingStore store, List<ShortKey> keys) : StoreScan
    {
        readonly byte[] key = new byte[ShortKey.SizeMax];
        int at = -1;

        public override ReadOnlySpan<byte> Key => key.AsSpan(0, keys[at].Length);

        public override ReadOnlySpan<byte> Value => default;

        public override bool MoveNext()
        {
            store.Touches++;
            if (++at >= keys.Count)
            {
                return false;
            }

            keys[at].Write(key);
            return true;
        }

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
