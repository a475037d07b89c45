using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Orders;

/// <summary>
/// Orders by id, and the due windows in which they wait, moved together: the clock's, and settle's. What was taken from a window waits no longer until it is put or
/// deleted; nothing leaves by age alone.
/// </summary>
/// <param name="byDue">The windows' store, which nobody else writes.</param>
sealed class OrderStore(IKeyValueStore byId, IKeyValueStore byDue)
{
    readonly DueOrders windows = new(byDue);

    /// <summary>False for an order that is not known; its bytes are empty then.</summary>
    public bool TryGet(OrderId id, out ReadOnlySpan<byte> value)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        return byId.TryGet(key, out value);
    }

    /// <summary>Writes the order, and moves it between windows; null is nowhere.</summary>
    public void Put(OrderId id, ReadOnlySpan<byte> value, UtcInstant? from, UtcInstant? to)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        byId.Put(key, value);
        windows.Move(id, from, to);
    }

    /// <param name="from">The window that it waits in; null for none.</param>
    public void Delete(OrderId id, UtcInstant? from)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        byId.Delete(key);
        windows.Move(id, from, null);
    }

    /// <summary>Takes what is due by <paramref name="through"/>, inclusive; each order has to be put or deleted before the next one is taken.</summary>
    public DueOrderScan Take(UtcInstant through, int max) => windows.Take(through, max);

    /// <summary>When the first one up to <paramref name="through"/> has to be looked at; null for none.</summary>
    public UtcInstant? First(UtcInstant through) => windows.First(through);

    /// <summary>All orders from a key on, by the unsigned value of their ids.</summary>
    public StoreScan From(ulong first)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(new((long)first), key);
        return byId.Scan(key, []);
    }
}
