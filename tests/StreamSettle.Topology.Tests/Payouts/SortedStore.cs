using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>A store in memory, for keys of any length. As in RocksDB a scan walks over what was deleted, and it counts what it walks over.</summary>
sealed class SortedStore : IKeyValueStore
{
    readonly SortedDictionary<byte[], byte[]?> entries = new(Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)));

    /// <summary>Entries that scans have met, deleted ones among them.</summary>
    public long Walked { get; private set; }

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var bytes = entries.GetValueOrDefault(key.ToArray());
        value = bytes;
        return bytes is not null;
    }

    public void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value) => entries[key.ToArray()] = value.ToArray();

    public void Delete(scoped ReadOnlySpan<byte> key)
    {
        if (entries.ContainsKey(key.ToArray()))
        {
            entries[key.ToArray()] = null;
        }
    }

    public void DeleteRange(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        foreach (var (key, _) in Between(from, to))
        {
            entries[key] = null;
        }
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => new Walk(this, Between(from, to));

    List<KeyValuePair<byte[], byte[]?>> Between(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        List<KeyValuePair<byte[], byte[]?>> between = [];
        foreach (var entry in entries)
        {
            if (entry.Key.AsSpan().SequenceCompareTo(from) >= 0 && (to.IsEmpty || entry.Key.AsSpan().SequenceCompareTo(to) < 0))
            {
                between.Add(entry);
            }
        }

        return between;
    }

    sealed class Walk(SortedStore store, List<KeyValuePair<byte[], byte[]?>> all) : StoreScan
    {
        int at = -1;

        public override ReadOnlySpan<byte> Key => all[at].Key;

        public override ReadOnlySpan<byte> Value => all[at].Value;

        public override bool MoveNext()
        {
            while (++at < all.Count)
            {
                store.Walked++;
                if (all[at].Value is not null)
                {
                    return true;
                }
            }

            return false;
        }

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
