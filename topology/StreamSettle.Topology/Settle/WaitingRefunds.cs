using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>The orders that have a <see cref="WaitingRefund"/> and are to be looked at when more transactions are known to be whole.</summary>
/// <remarks><code>order id(8) -> present(1)</code></remarks>
/// <param name="ordersMax">Most orders that are looked at in one punctuation.</param>
sealed class WaitingRefunds(IKeyValueStore store, int ordersMax)
{
    OrderId? next = new(0);
    bool stays;

    /// <summary>There are some, or nobody has looked yet.</summary>
    public bool Any { get; private set; } = true;

    public void Add(OrderId order)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(order, key);
        store.Put(key, [1]);
        (Any, stays) = (true, true);
    }

    public void Remove(OrderId order)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(order, key);
        store.Delete(key);
    }

    /// <summary>All are to be looked at, from the first on.</summary>
    public void Again() => next = new(0);

    /// <summary>Looks at those whose turn it is; each may be removed.</summary>
    /// <param name="at">Says whether the order still waits.</param>
    public void Look(Func<OrderId, bool> at)
    {
        if (!Any || next is not { } first)
        {
            return;
        }

        // A pass from the first on sees all that was added before it; what is added while it goes on may stand before where it is.
        stays &= first != new OrderId(0);

        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(first, key);
        using var scan = store.Scan(key, []);
        var seen = 0;
        for (; scan.MoveNext(); seen++)
        {
            var order = OrderKey.Read(scan.Key);
            if (seen == ordersMax)
            {
                next = order;
                return;
            }

            stays |= at(order);
        }

        (Any, next) = (stays, null);
    }
}
