using System.Buffers;

namespace StreamSettle.Streams.Stores;

/// <summary>The rest of Kafka Streams' key-value operations, made of the few that a store has.</summary>
public static class KeyValueStoreExtensions
{
    const int StackBytesMax = 256;

    /// <summary>All entries in key order.</summary>
    public static StoreScan All(this IReadOnlyKeyValueStore store, bool reverse = false) => store.Scan([], [], reverse);

    /// <summary>From <paramref name="from"/> to <paramref name="to"/>, both included; nothing when they are the wrong way round. Kafka Streams' <c>range</c> and <c>reverseRange</c>.</summary>
    public static StoreScan Range(this IReadOnlyKeyValueStore store, scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false)
    {
        if (from.SequenceCompareTo(to) > 0)
        {
            return EmptyScan.Instance;
        }

        // The smallest key above 'to' is 'to' with a zero byte behind it.
        byte[]? rented = null;
        var bound = to.Length < StackBytesMax ? stackalloc byte[StackBytesMax] : rented = ArrayPool<byte>.Shared.Rent(to.Length + 1);
        to.CopyTo(bound);
        bound[to.Length] = 0;
        var scan = store.Scan(from, bound[..(to.Length + 1)], reverse);
        Return(rented);
        return scan;
    }

    /// <summary>The entries whose key begins with <paramref name="prefix"/>.</summary>
    public static StoreScan PrefixScan(this IReadOnlyKeyValueStore store, scoped ReadOnlySpan<byte> prefix, bool reverse = false)
    {
        var kept = prefix.TrimEnd((byte)0xFF);
        if (kept.IsEmpty)
        {
            return store.Scan(prefix, [], reverse);
        }

        // The smallest key behind all of them: the prefix without trailing FFs, its last byte raised.
        byte[]? rented = null;
        var bound = kept.Length <= StackBytesMax ? stackalloc byte[StackBytesMax] : rented = ArrayPool<byte>.Shared.Rent(kept.Length);
        kept.CopyTo(bound);
        bound[kept.Length - 1]++;
        var scan = store.Scan(prefix, bound[..kept.Length], reverse);
        Return(rented);
        return scan;
    }

    /// <summary>Writes the value unless the key has one.</summary>
    /// <param name="existing">The value that was there, when the result is false; valid until the next call on the store.</param>
    public static bool PutIfAbsent(this IKeyValueStore store, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, out ReadOnlySpan<byte> existing)
    {
        if (store.TryGet(key, out existing))
        {
            return false;
        }

        store.Put(key, value);
        return true;
    }

    static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
