using System.Buffers.Binary;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Settle;

/// <summary>The orders that something holds, as far as that is recorded, by mark: so that they go on in that order.</summary>
/// <remarks>
/// <code>markUs(8, sign bit flipped) | order(8, sign bit flipped) -> present(1) [merchant(8)]</code>
/// Entries of before had no merchant.
/// </remarks>
sealed class HeldOrders(IKeyValueStore store)
{
    const int Size = 2 * sizeof(long);
    const int ValueSize = 1 + sizeof(long);

    /// <summary>Moves an order; null is nowhere.</summary>
    public void Move(OrderId order, MerchantId merchant, UtcInstant? from, UtcInstant? to)
    {
        if (from == to)
        {
            return;
        }

        Span<byte> key = stackalloc byte[Size];
        if (from is { } left)
        {
            store.Delete(KeyOf(left, order, key));
        }

        if (to is { } mark)
        {
            Span<byte> value = stackalloc byte[ValueSize];
            value[0] = 1;
            BinaryPrimitives.WriteInt64BigEndian(value[1..], merchant.Value);
            store.Put(KeyOf(mark, order, key), value);
        }
    }

    /// <summary>All from a place on.</summary>
    public StoreScan From(UtcInstant mark, OrderId order) => store.Scan(KeyOf(mark, order, stackalloc byte[Size]), []);

    public static (UtcInstant Mark, OrderId Order) Read(ReadOnlySpan<byte> key) => (
        new(BinaryPrimitives.ReadInt64BigEndian(key) ^ long.MinValue), new(BinaryPrimitives.ReadInt64BigEndian(key[sizeof(long)..]) ^ long.MinValue));

    /// <summary>Null where the entry does not tell.</summary>
    public static MerchantId? MerchantOf(ReadOnlySpan<byte> value) => value.Length == ValueSize ? new(BinaryPrimitives.ReadInt64BigEndian(value[1..])) : null;

    static ReadOnlySpan<byte> KeyOf(UtcInstant mark, OrderId order, Span<byte> key)
    {
        BinaryPrimitives.WriteInt64BigEndian(key, mark.Microseconds ^ long.MinValue);
        BinaryPrimitives.WriteInt64BigEndian(key[sizeof(long)..], order.Value ^ long.MinValue);
        return key;
    }
}
