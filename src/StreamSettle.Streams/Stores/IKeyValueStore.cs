namespace StreamSettle.Streams.Stores;

/// <summary>Reads bytes by key; keys sort by their unsigned bytes.</summary>
public interface IReadOnlyKeyValueStore
{
    /// <param name="value">Valid until the next call on this store by this thread.</param>
    bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);

    /// <summary>
    /// The entries from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive, empty for no bound), in key order or in reverse.
    /// It sees the store as it was when the scan began, so entries may be put and deleted meanwhile. Dispose it.
    /// </summary>
    StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false);
}

/// <summary>A task's own store: writes are seen by its reads at once and become durable with the task's next commit.</summary>
public interface IKeyValueStore : IReadOnlyKeyValueStore
{
    void Put(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value);

    void Delete(scoped ReadOnlySpan<byte> key);

    /// <summary>
    /// Deletes every entry from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive, empty for no bound) at the cost of one. For what is
    /// done with as a whole and never read again: a scan that meets the range later still walks what lies in it, until the storage has cleared it away.
    /// </summary>
    void DeleteRange(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to);
}

/// <summary>A scan over a store's entries. Spans are valid until the next move.</summary>
public abstract class StoreScan : IDisposable
{
    public abstract ReadOnlySpan<byte> Key { get; }

    public abstract ReadOnlySpan<byte> Value { get; }

    public abstract bool MoveNext();

    public abstract void Dispose();
}
