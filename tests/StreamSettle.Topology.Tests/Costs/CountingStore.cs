using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>A store of short keys that counts what is done to it, and allocates nothing for a key that is there and a value that is no longer.</summary>
sealed class CountingStore : IKeyValueStore
{
    readonly Dictionary<UInt128, (byte[] Bytes, int Length)> entries = [];
    readonly SortedSet<UInt128> order = [];

    public long Touches { get; private set; }

    public int Count => entries.Count;

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        Touches++;
        var found = entries.TryGetValue(Number(key), out var entry);
        value = found ? entry.Bytes.AsSpan(0, entry.Length) : default;
        return found;
    }

    public void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        Touches++;
        var number = Number(key);
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
        entries.Remove(Number(key));
        order.Remove(Number(key));
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        Touches++;
        return new CountingScan(this, [.. order.GetViewBetween(Number(from), Number(to) - 1)]);
    }

    static UInt128 Number(ReadOnlySpan<byte> key)
    {
        UInt128 number = 0;
        foreach (var part in key)
        {
            number = number << 8 | part;
        }

        return number;
    }

    sealed class CountingScan(CountingStore store, List<UInt128> keys) : StoreScan
    {
        readonly byte[] key = new byte[16];
        int at = -1;

        public override ReadOnlySpan<byte> Key => key;

        public override ReadOnlySpan<byte> Value => default;

        public override bool MoveNext()
        {
            store.Touches++;
            if (++at >= keys.Count)
            {
                return false;
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(key, keys[at]);
            return true;
        }

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
