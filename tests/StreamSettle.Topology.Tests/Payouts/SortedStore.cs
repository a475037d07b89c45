using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>A store in memory, for keys of any length.</summary>
sealed class SortedStore : IKeyValueStore
{
    readonly SortedDictionary<byte[], byte[]> entries = new(Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)));

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var found = entries.TryGetValue(key.ToArray(), out var bytes);
        value = bytes;
        return found;
    }

    public void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value) => entries[key.ToArray()] = value.ToArray();

    public void Delete(scoped ReadOnlySpan<byte> key) => entries.Remove(key.ToArray());

    public void DeleteRange(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        foreach (var (key, _) in Between(from, to))
        {
            entries.Remove(key);
        }
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => new Walk(Between(from, to));

    List<KeyValuePair<byte[], byte[]>> Between(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to)
    {
        List<KeyValuePair<byte[], byte[]>> between = [];
        foreach (var entry in entries)
        {
            if (entry.Key.AsSpan().SequenceCompareTo(from) >= 0 && (to.IsEmpty || entry.Key.AsSpan().SequenceCompareTo(to) < 0))
            {
                between.Add(entry);
            }
        }

        return between;
    }

    sealed class Walk(List<KeyValuePair<byte[], byte[]>> all) : StoreScan
    {
        int at = -1;

        public override ReadOnlySpan<byte> Key => all[at].Key;

        public override ReadOnlySpan<byte> Value => all[at].Value;

        public override bool MoveNext() => ++at < all.Count;

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
