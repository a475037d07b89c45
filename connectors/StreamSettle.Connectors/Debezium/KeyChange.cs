using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>
/// A changed primary key comes as a delete (and its tombstone) under the old key and a create under the new one; headers say that they belong together.
/// </summary>
public static class KeyChange
{
    /// <summary>On the delete and its tombstone: the key that the row has now, in the form of the record's keys.</summary>
    public static ReadOnlySpan<byte> NewKeyHeader => "__debezium.newkey"u8;

    /// <summary>On the create: the key that the row had before.</summary>
    public static ReadOnlySpan<byte> OldKeyHeader => "__debezium.oldkey"u8;

    /// <summary>True on the create of a row whose key was another one; gives that key.</summary>
    /// <exception cref="SerdeException">The header's value is no key.</exception>
    public static bool TryOldKey(Headers headers, OrderKeySerde keys, out OrderId oldKey) => TryRead(headers, OldKeyHeader, keys, out oldKey);

    /// <summary>True on the delete of a row that lives on under another key; gives that key.</summary>
    /// <exception cref="SerdeException">The header's value is no key.</exception>
    public static bool TryNewKey(Headers headers, OrderKeySerde keys, out OrderId newKey) => TryRead(headers, NewKeyHeader, keys, out newKey);

    static bool TryRead(Headers headers, ReadOnlySpan<byte> name, OrderKeySerde keys, out OrderId key)
    {
        var found = headers.TryGet(name, out var value);
        key = found ? keys.Read(value) : default;
        return found;
    }
}
